/** What may be shown after one more token. */
export interface AssembledText {
  readonly text: string;
  /** True when a stop text came up: what follows it, and itself, is left out. */
  readonly stopped: boolean;
}

const replacement = "\ufffd";
/** A character has at most four bytes: when that many tokens give no whole character, the bytes are really wrong. */
const mostPendingTokens = 4;

/** Length of the longest end of `text` that could be the start of a stop text. */
const heldBack = (text: string, stops: readonly string[]): number => {
  let held = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > held; length--) {
      if (text.endsWith(stop.slice(0, length))) held = length;
    }
  }
  return held;
};

/**
 * Turns tokens into text that may be sent: a character whose bytes are spread over tokens waits until it is whole,
 * and what could become a stop text waits until it is clear that it does not.
 *
 * @param toText text of a few tokens; incomplete characters come out as U+FFFD
 */
export const createTextAssembler = <Token>(
  toText: (tokens: readonly Token[]) => string,
  stops: readonly string[],
): { readonly add: (token: Token) => AssembledText; readonly end: () => string } => {
  let tokens: Token[] = [];
  let waiting = "";
  return {
    add: (token) => {
      tokens.push(token);
      const piece = toText(tokens);
      if (piece.endsWith(replacement) && tokens.length < mostPendingTokens)
        return { text: "", stopped: false };
      tokens = [];
      waiting += piece;
      const found = stops.map((stop) => waiting.indexOf(stop)).filter((at) => at >= 0);
      if (found.length > 0) return { text: waiting.slice(0, Math.min(...found)), stopped: true };
      const keep = heldBack(waiting, stops);
      const text = waiting.slice(0, waiting.length - keep);
      waiting = waiting.slice(waiting.length - keep);
      return { text, stopped: false };
    },
    // Half a character at the end is dropped: nothing can complete it any more.
    end: () => waiting,
  };
};
