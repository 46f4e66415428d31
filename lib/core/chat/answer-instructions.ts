export const answerStyles = ["short", "balanced", "thorough"] as const;
export type AnswerStyle = (typeof answerStyles)[number];

/** What a collection's answers are written in: the question's own language, or always one. */
export const answerLanguages = [
  "question",
  ...["ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi"],
  ...["hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "nb", "nl", "pl", "pt", "ro", "ru"],
  ...["sk", "sl", "sr", "sv", "ta", "th", "tr", "uk", "ur", "vi", "zh"],
] as const;
export type AnswerLanguage = (typeof answerLanguages)[number];

/** What who manages a collection asks of the answers that rest on it. */
export interface InstructingCollection {
  readonly id: string;
  readonly name: string;
  /** Empty: nothing besides Drover's own instructions. */
  readonly systemPrompt: string;
  readonly answerStyle: AnswerStyle;
  readonly answerLanguage: AnswerLanguage;
}

/** What a model is told besides Drover's own rules, which stand above it. */
export interface AnswerInstructions {
  readonly style: AnswerStyle;
  readonly language: AnswerLanguage;
  readonly notes: readonly { readonly collectionName: string; readonly text: string }[];
}

export const noInstructions: AnswerInstructions = {
  style: "balanced",
  language: "question",
  notes: [],
};

/** The value that all who chose one agree on, else the one that stands for no choice. */
function agreed<T>(values: readonly T[], unset: T): T {
  const chosen = new Set(values.filter((value) => value !== unset));
  const [only] = chosen;
  return chosen.size === 1 && only !== undefined ? only : unset;
}

/** Of the collections that an answer rests on: each one's note, and a style and a language where those that chose one agree. */
export const instructionsOf = (
  collections: readonly InstructingCollection[],
): AnswerInstructions => ({
  style: agreed<AnswerStyle>(
    collections.map(({ answerStyle }) => answerStyle),
    noInstructions.style,
  ),
  language: agreed<AnswerLanguage>(
    collections.map(({ answerLanguage }) => answerLanguage),
    noInstructions.language,
  ),
  notes: collections
    .filter(({ systemPrompt }) => systemPrompt !== "")
    .map(({ name, systemPrompt }) => ({ collectionName: name, text: systemPrompt })),
});

/** One text for what all collections of a scope ask for: equal texts, equally instructed answers. Empty where none asks for anything. */
export function instructionsKey(collections: readonly InstructingCollection[]): string {
  const asking = collections
    .filter(
      ({ systemPrompt, answerStyle, answerLanguage }) =>
        systemPrompt !== "" ||
        answerStyle !== noInstructions.style ||
        answerLanguage !== noInstructions.language,
    )
    .map((one) => [one.id, one.name, one.systemPrompt, one.answerStyle, one.answerLanguage])
    .sort(([one = ""], [other = ""]) => (one < other ? -1 : 1));
  return asking.length === 0 ? "" : JSON.stringify(asking);
}
