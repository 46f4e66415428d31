import type { AnswerSnapshot } from "../chat/events.ts";
import type { VetoKind } from "./veto-kinds.ts";
import { vetoes } from "./vetoes.ts";

type Said = Pick<AnswerSnapshot, "quotes" | "sentences" | "verdict" | "outcome">;

/** Share of the first quote that the other answer must quote too, in characters of the document. */
const leastOverlap = 0.8;
// What two texts that say the same cannot differ in.
const hardKinds = new Set<VetoKind>(["number", "unit", "identifier", "negation", "time"]);

/**
 * Whether two answers, made apart, say the same: each one's first quote stands among the other's quotes, and where both were phrased the
 * sentences differ in no number, unit, identifier, denial or time.
 */
export function answersAgree(one: Said, other: Said): boolean {
  if (!isAnswer(one) || !isAnswer(other)) return false;
  if (!quotesFirstOf(one, other) || !quotesFirstOf(other, one)) return false;
  const [ownWords, otherWords] = [wordsOf(one), wordsOf(other)];
  if (ownWords === "" || otherWords === "") return true;
  return vetoes(ownWords, otherWords).every(({ kind }) => !hardKinds.has(kind));
}

const isAnswer = ({ verdict, outcome, quotes }: Said): boolean =>
  verdict === "answerable" && outcome === "complete" && quotes.length > 0;

const wordsOf = ({ sentences }: Said): string => sentences.map(({ text }) => text).join(" ");

/** Does `one` quote what stands first in `other`? */
function quotesFirstOf(one: Said, other: Said): boolean {
  const first = other.quotes[0]?.text;
  if (first === undefined) return false;
  return one.quotes.some(({ text }) => {
    if (text === first) return true;
    const [short, long] = text.length < first.length ? [text, first] : [first, text];
    return long.includes(short) && short.length >= leastOverlap * long.length;
  });
}
