import type { ChatEvent } from "../core/chat/events.ts";
import type { CachedAnswer } from "../ports/answer-cache-store.ts";

/** A kept answer as the events of a new one: sources and quotes first, then its sentences, labelled with age and sources. */
export function* replayAnswer(
  entry: CachedAnswer,
  answerId: string,
  now: Date,
): Generator<ChatEvent, void> {
  const { sources, quotes, verdict, sentences, notices } = entry.answer;
  yield { type: "sources", sources };
  yield { type: "evidence", quotes, verdict: verdict ?? "answerable" };
  for (const { kind, message } of notices)
    if (kind === "conflict") yield { type: "notice", kind, message };
  yield { type: "notice", kind: "cached", message: cachedNotice(entry, now) };
  for (const [index, { text, citations, supported }] of sentences.entries()) {
    yield { type: "text-delta", text };
    yield { type: "sentence", index, text, citations, supported };
  }
  yield { type: "text-end", answerId, outcome: "complete" };
}

function cachedNotice({ source, createdAt, answer }: CachedAnswer, now: Date): string {
  const from = [...new Set(answer.sources.map(({ documentTitle }) => documentTitle))].slice(0, 3);
  const who =
    source === "curated" ? "An answer that an admin wrote" : "This question was answered before:";
  const age = ageOf(now.getTime() - createdAt.getTime());
  return `${who} ${age}, from ${from.join(", ")}. Its passages were checked again just now.`;
}

const minuteMs = 60_000;
const units = [
  ["day", 24 * 60 * minuteMs],
  ["hour", 60 * minuteMs],
  ["minute", minuteMs],
] as const;

function ageOf(ageMs: number): string {
  for (const [unit, lengthMs] of units) {
    const count = Math.floor(ageMs / lengthMs);
    if (count > 0) return `${String(count)} ${unit}${count === 1 ? "" : "s"} ago`;
  }
  return "less than a minute ago";
}
