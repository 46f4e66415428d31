import type { PairScorer, TextPair } from "#lib/ports/pair-scorer.ts";

/** A stand-in for a cross-encoder: it says what the test says. */
export interface ScriptedScorer extends PairScorer {
  /** Every pair that it was asked about, in order. */
  readonly asked: readonly TextPair[];
  /** Of each pair from now on; `null`: nothing; an error is a scorer that breaks its word. */
  become(says: ((pair: TextPair) => number) | null | Error): void;
  /** Other weights; `null`: none. */
  install(fingerprint: string | null): void;
}

export function createScriptedScorer(says: (pair: TextPair) => number): ScriptedScorer {
  const asked: TextPair[] = [];
  let fingerprint: string | null = "cross-encoder:latest d1";
  let say: ((pair: TextPair) => number) | null | Error = says;
  return {
    asked,
    become: (next) => {
      say = next;
    },
    install: (next) => {
      fingerprint = next;
    },
    fingerprint: () => fingerprint,
    async score(pairs, { signal }) {
      signal.throwIfAborted();
      asked.push(...pairs);
      await Promise.resolve();
      if (say instanceof Error) throw say;
      return fingerprint === null || say === null || pairs.length === 0 ? null : pairs.map(say);
    },
  };
}

/** Nothing is installed. */
export function noScorer(): PairScorer {
  const scorer = createScriptedScorer(() => 0);
  scorer.install(null);
  return scorer;
}
