/** `strict`: only what the documents say. `open`: where they say nothing, a model may answer from what it knows, marked as such. */
export const answerModes = ["strict", "open"] as const;
export type AnswerMode = (typeof answerModes)[number];

export interface AnswerPolicy {
  readonly mode: AnswerMode;
  /** Empty: Drover's own words. */
  readonly refusalText: string;
}

interface PolicedCollection {
  readonly answerMode: AnswerMode;
  readonly refusalText: string;
}

/**
 * What holds for a question over several collections: strict unless all of them are open, and the refusal text only when all that
 * have one say the same.
 */
export function answerPolicyOf(searched: readonly PolicedCollection[]): AnswerPolicy {
  const isOpen = searched.length > 0 && searched.every(({ answerMode }) => answerMode === "open");
  const texts = new Set(
    searched.map(({ refusalText }) => refusalText).filter((text) => text !== ""),
  );
  const [text = ""] = texts;
  return { mode: isOpen ? "open" : "strict", refusalText: texts.size === 1 ? text : "" };
}
