/** What is known when an attempt breaks after its first token. */
export interface BrokenAttempt {
  /** Resumes and resets of this turn so far. */
  readonly repairs: number;
  /** Everything the person has seen of the turn's text. */
  readonly text: string;
  readonly hasTools: boolean;
  readonly hasFormat: boolean;
  /** The model passed the continuation test on a server that could take it; `null` = not tested. */
  readonly continues: boolean | null;
  /** Tokens that the answer may still have. */
  readonly tokensLeft: number;
}

export const mostRepairs = 1;

/**
 * How a broken text goes on: `resume` where it ends, `reset` to a fresh answer, or `stop` when the turn had its repair. What a splice
 * could corrupt unseen (tool arguments, JSON, a thought without end) is never resumed.
 */
export function repairOf(broken: BrokenAttempt): "resume" | "reset" | "stop" {
  if (broken.repairs >= mostRepairs) return "stop";
  const isPlain = !broken.hasTools && !broken.hasFormat && !isThinking(broken.text);
  return isPlain && broken.continues === true && broken.text !== "" && broken.tokensLeft > 0
    ? "resume"
    : "reset";
}

const isThinking = (text: string): boolean =>
  text.lastIndexOf("<think>") > text.lastIndexOf("</think>");
