import type { AnswerInstructions, AnswerStyle } from "../core/chat/answer-instructions.ts";
import { answerProfileOf, type AnswerProfile } from "../core/chat/answer-profile.ts";
import { wordsOf } from "../core/chat/words.ts";
import { citationsIn, withoutMarks } from "../core/chat/citation-marks.ts";
import type { ChatEvent, EvidenceQuote } from "../core/chat/events.ts";
import { createSentenceStream } from "../core/chat/sentence-stream.ts";
import { isAppError } from "../core/errors/app-error.ts";
import { phraserPrompt, tinyPrompt, type PromptPassage } from "../core/rag/prompt.ts";
import { restates } from "../core/rag/restatement.ts";
import { splitSentences } from "../core/rag/sentences.ts";
import { answersNothing } from "../core/rag/support.ts";
import type { LocalModels, ModelCall } from "../local-models.ts";
import type { TextScorer } from "../ports/text-scorer.ts";
import type { TrustedSource } from "./answer-material.ts";
import { eventOf, resumedNotice } from "./chat-part-event.ts";
import { supportOf } from "./support-of.ts";

export interface PhraseAnswerDeps {
  readonly models: LocalModels;
  readonly scorer: TextScorer;
}

/** What the model is told, and what its sentences are checked against. */
export interface AnswerMaterial {
  readonly question: string;
  readonly history: readonly { readonly question: string; readonly answer: string }[];
  readonly sources: readonly TrustedSource[];
  readonly quotes: readonly EvidenceQuote[];
  readonly instructions: AnswerInstructions;
}

const tinyTokens = 96;
// Told two, a tiny model mixes them: of 215 questions with two quotes it restated one in 26 when told the first, in 21 when told both.
const toldQuotes = 1;
const phraserTokens: Readonly<Record<AnswerStyle, number>> = {
  short: 256,
  balanced: 512,
  thorough: 1024,
};
const windowTokens = 4096;
const neighbourChars = 300;

/**
 * Prose from a model, each sentence checked against the passage it cites. When no model can be had the quotes stand alone, with a notice.
 * @throws the caller's reason when aborted; what the model layer throws for the caller's own limits
 */
export async function* phraseAnswer(
  deps: PhraseAnswerDeps,
  material: AnswerMaterial,
  call: ModelCall,
): AsyncGenerator<ChatEvent, void> {
  const phrase = phrasing[answerProfileOf(deps.models.chatModel)];
  let began = false;
  let attempt = 1;
  try {
    for await (const event of phrase(deps, material, call)) {
      began ||= event.type === "text-delta";
      if (event.type === "reset") attempt = event.attempt;
      yield event;
    }
  } catch (error) {
    if (call.signal.aborted || !isAppError(error)) throw error;
    if (began) yield { type: "reset", attempt: attempt + 1 };
    yield {
      type: "notice",
      kind: "degraded",
      message: "No model could phrase an answer. The quoted sentences are the answer.",
    };
  }
}

const phrasing: Readonly<Record<AnswerProfile, typeof phraseTiny>> = {
  tiny: phraseTiny,
  phraser: phraseWhole,
};

/** The quotes are the answer: the model's line is held back and shown only when it says what they say. */
async function* phraseTiny(
  deps: PhraseAnswerDeps,
  material: AnswerMaterial,
  call: ModelCall,
): AsyncGenerator<ChatEvent, void> {
  const quotes = material.quotes.slice(0, toldQuotes).map((quote) => quote.text);
  const messages = tinyPrompt(material.question, quotes);
  const options = { temperature: 0, maxTokens: tinyTokens };
  let text = "";
  for await (const part of deps.models.chat({ messages, options }, call)) {
    if (part.type === "text") text += part.text;
    else if (part.type === "reset") text = "";
    else if (part.type !== "resumed") {
      if (part.type === "usage") yield* lineThatHolds(firstSentence(text), material);
      yield eventOf(part);
    }
  }
}

/** The line, if it says in other words what one quote says, and nothing else. */
function* lineThatHolds(
  line: string,
  { question, quotes }: AnswerMaterial,
): Generator<ChatEvent, void> {
  if (answersNothing(line, question)) return;
  // The quote itself, perhaps with other spaces and signs, is on the screen already.
  const said = wordsOf(line).join(" ");
  if (quotes.some((quote) => wordsOf(quote.text).join(" ") === said)) return;
  const source = quotes
    .slice(0, toldQuotes)
    .find(({ text }) => !text.trimEnd().endsWith("?") && restates(line, text, question));
  if (source === undefined) return;
  yield { type: "text-delta", text: line };
  yield { type: "sentence", index: 0, text: line, citations: [source.citation], supported: true };
}

/** Sentences as they come, in provisional ink until each has been checked. */
async function* phraseWhole(
  deps: PhraseAnswerDeps,
  material: AnswerMaterial,
  call: ModelCall,
): AsyncGenerator<ChatEvent, void> {
  const { prefillPerSecond } = deps.models.chatRates();
  const messages = phraserPrompt(
    {
      question: material.question,
      essentials: essentialsOf(material),
      passages: material.sources.map(passageOf),
      history: material.history,
      instructions: material.instructions,
    },
    { prefillPerSecond, windowTokens },
  );
  const options = { temperature: 0.2, maxTokens: phraserTokens[material.instructions.style] };
  let stream = createSentenceStream();
  let index = 0;
  for await (const part of deps.models.chat({ messages, options }, call)) {
    if (part.type === "text") {
      yield { type: "text-delta", text: part.text };
      for (const sentence of stream.push(part.text))
        yield await settled(deps, sentence, index++, material, call);
    } else if (part.type === "reset") {
      stream = createSentenceStream();
      index = 0;
      yield part;
    } else if (part.type === "resumed") {
      yield resumedNotice;
    } else {
      if (part.type === "usage") {
        const rest = stream.rest();
        if (rest !== "") yield await settled(deps, rest, index++, material, call);
      }
      yield eventOf(part);
    }
  }
}

/** A finished sentence with its citations, supported only if a passage it cites says the same. */
async function settled(
  deps: PhraseAnswerDeps,
  sentence: string,
  index: number,
  material: AnswerMaterial,
  call: ModelCall,
): Promise<ChatEvent> {
  const text = withoutMarks(sentence);
  const marked = citationsIn(sentence, highestCitation(material));
  const cited = material.sources.filter((source) => marked.includes(source.citation));
  const checked =
    cited.length === 0 || text.endsWith("?")
      ? { supported: false }
      : await supportOf(
          deps,
          text,
          cited.map(({ citation, stated }) => ({ citation, text: stated })),
          call,
        );
  return { type: "sentence", index, text, citations: marked, supported: checked.supported };
}

const highestCitation = ({ sources }: AnswerMaterial): number =>
  Math.max(0, ...sources.map((source) => source.citation));

function firstSentence(text: string): string {
  const [first] = splitSentences(text);
  return first === undefined ? "" : text.slice(first.start, first.end).replace(/\s+/g, " ");
}

const passageOf = (source: TrustedSource): PromptPassage => ({
  citation: source.citation,
  title: [source.documentTitle, ...source.headingPath].join(" › "),
  text: source.told,
});

/** The quoted sentences with what stands around them, one piece a source. */
function essentialsOf({ sources, quotes }: AnswerMaterial): readonly PromptPassage[] {
  return sources.flatMap((source) => {
    const own = quotes.filter((quote) => quote.citation === source.citation);
    if (own.length === 0) return [];
    const places = own.map(({ text }) => ({ text, at: source.told.indexOf(text) }));
    const from = Math.min(...places.map(({ at }) => at)) - neighbourChars;
    const to = Math.max(...places.map(({ text, at }) => at + text.length)) + neighbourChars;
    const text = source.told.slice(Math.max(0, from), to);
    return [{ ...passageOf(source), text }];
  });
}
