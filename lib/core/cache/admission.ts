import type { AnswerSnapshot } from "../chat/events.ts";

/** Why an answer is not kept, or a question goes past the cache. */
export type BypassReason =
  | "switched-off"
  | "asked-again"
  | "follow-up"
  | "time-relative"
  | "private-attachment"
  | "near-duplicates"
  | "flagged"
  | "not-complete"
  | "refused"
  | "no-evidence"
  | "degraded";

export interface CacheableQuestion {
  readonly text: string;
  readonly standsAlone: boolean;
  /** The person chose "ask again". */
  readonly asksAgain: boolean;
  readonly hasPrivateAttachment: boolean;
}

// What these words mean depends on the day on which they are said.
const timeRelative =
  /\b(?:today|tonight|tomorrow|yesterday|now|currently|nowadays|at the moment|right now|recent(?:ly)?|latest|newest|up to date|so far|still|yet|ago|(?:this|last|next|past|coming|current|previous) (?:day|week|weekend|month|quarter|year|summer|winter|spring|autumn|fall|monday|tuesday|wednesday|thursday|friday|saturday|sunday|few|couple|\d+)\w*)\b|\b(?:heute|gestern|morgen|derzeit|aktuell|aujourd['’]hui|hier|demain|actuellement|hoy|ayer|mañana|actualmente|oggi|ieri|domani)\b/iu;

/** Why this question must not be looked up, `null` when it may. */
export function bypassReason(question: CacheableQuestion): BypassReason | null {
  if (question.asksAgain) return "asked-again";
  if (question.hasPrivateAttachment) return "private-attachment";
  if (!question.standsAlone) return "follow-up";
  if (timeRelative.test(question.text)) return "time-relative";
  return null;
}

export interface FinishedAnswer {
  readonly snapshot: AnswerSnapshot;
  /** Some chunk shown, or the question, looks like an instruction to the model. */
  readonly isFlagged: boolean;
}

/** Why an answer must not enter, `null` when it may. What may be looked up is not asked again here. */
export function refusalToKeep({ snapshot, isFlagged }: FinishedAnswer): BypassReason | null {
  if (snapshot.outcome === "refused") return "refused";
  if (snapshot.outcome !== "complete" || snapshot.error !== null || snapshot.openText !== "")
    return "not-complete";
  if (snapshot.verdict !== "answerable" || snapshot.quotes.length === 0) return "no-evidence";
  if (isFlagged) return "flagged";
  if (snapshot.notices.some((notice) => notice.kind === "degraded")) return "degraded";
  return null;
}

const instruction =
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|rules|context|everything above)\b|\byou are now\b|\b(?:system|developer) prompt\b|<\|?(?:im_start|system|assistant)\b/iu;

/** Text that speaks to the model instead of saying something: an answer that saw it is given once and never again. */
export const looksLikeInstruction = (text: string): boolean => instruction.test(text);

/** What is kept: the quotes, and the written sentences only when every one of them passed its check. */
export function keptAnswer(snapshot: AnswerSnapshot): AnswerSnapshot {
  const isSupported =
    snapshot.sentences.length > 0 && snapshot.sentences.every((sentence) => sentence.supported);
  const cited = new Set([
    ...snapshot.quotes.map((quote) => quote.citation),
    ...(isSupported ? snapshot.sentences.flatMap((sentence) => sentence.citations) : []),
  ]);
  return {
    ...snapshot,
    // Nothing of what was found but not cited: it proves nothing, and others may not be allowed to read it.
    sources: snapshot.sources.filter((source) => cited.has(source.citation)),
    sentences: isSupported ? snapshot.sentences : [],
    model: isSupported ? snapshot.model : null,
    // That its documents disagree stays true; the rest was about that one time.
    notices: snapshot.notices.filter(({ kind }) => kind === "conflict"),
  };
}
