import { calibrate, errorBudget, type LabelledPair } from "../core/cache/calibration.ts";
import { pairScore, readCalibration, type ScorerCalibration } from "../core/cache/scored-pair.ts";
import type { ModelCall } from "../local-models.ts";
import type { Clock } from "../ports/clock.ts";
import type { PairScorer } from "../ports/pair-scorer.ts";
import { idleCall } from "./idle-answers.ts";
import type { QuietTime } from "./quiet-time.ts";
import type { TieredCache } from "./tiered-cache.ts";

/** Two wordings, and whether an answer to the one is a right answer to the other. */
export interface LabelledTexts {
  readonly a: string;
  readonly b: string;
  readonly same: boolean;
}

export interface ScorerReadout {
  /** Of the cross-encoder's name. */
  readonly model: string;
  readonly scored: number;
  readonly pairs: number;
  /** `null` while it is measured. */
  readonly calibration: ScorerCalibration | null;
}

/** From which score on the installed cross-encoder may be trusted, measured once for each state of its weights. */
export interface ScorerCalibrations {
  /** `null`: none is installed, or it has not been measured yet. */
  current(): ScorerCalibration | null;
  /** `null`: none is installed. */
  readout(): Promise<ScorerReadout | null>;
  /** Looks for what another process has measured. */
  refresh(): Promise<void>;
  /** Measures some pairs more while nobody asks; resolves at once when there is nothing to measure. */
  work(most: number, signal: AbortSignal): Promise<void>;
}

export interface ScorerCalibrationsDeps {
  readonly scorer: PairScorer;
  readonly pairs: () => Promise<readonly LabelledTexts[]>;
  readonly tiers: Pick<TieredCache, "read" | "write">;
  readonly quiet: Pick<QuietTime, "run">;
  readonly clock: Clock;
}

interface Measured {
  readonly fingerprint: string;
  /** Read when it is measured. */
  pairs: readonly LabelledTexts[] | null;
  readonly scores: LabelledPair[];
  tookMs: number;
  calibration: ScorerCalibration | null;
  lookedAt: number;
}

const unmeasured = { pairs: null, tookMs: 0, calibration: null, lookedAt: -Infinity };
const atOnce = 8;
const lookEveryMs = 60_000;
/** Raised when the pairs or the way of scoring them change. */
const version = 1;

export function createScorerCalibrations(deps: ScorerCalibrationsDeps): ScorerCalibrations {
  const { scorer, clock, tiers } = deps;
  let held: Measured | null = null;
  const now = (): Measured | null => {
    const fingerprint = scorer.fingerprint();
    if (fingerprint === null) return null;
    // Other weights are another scorer, of which nothing is known.
    if (held?.fingerprint !== fingerprint) held = { ...unmeasured, fingerprint, scores: [] };
    return held;
  };
  const refresh = async (): Promise<void> => {
    const state = now();
    if (state?.calibration !== null) return;
    if (clock.now() - state.lookedAt < lookEveryMs) return;
    state.lookedAt = clock.now();
    const [kept] = await tiers.read("calibration", [aboutOf(state)]);
    if (kept != null) state.calibration = readCalibration(new TextDecoder().decode(kept));
  };
  return {
    current: () => now()?.calibration ?? null,
    refresh,
    async readout() {
      await refresh();
      const state = now();
      if (state === null) return null;
      const { calibration, scores, fingerprint } = state;
      const pairs = calibration?.pairs ?? (await deps.pairs()).length;
      const scored = calibration === null ? scores.length : pairs;
      return { model: fingerprint.split(" ")[0] ?? "", scored, pairs, calibration };
    },
    async work(most, signal) {
      await refresh();
      const state = now();
      if (state?.calibration !== null) return;
      const pairs = (state.pairs ??= await deps.pairs());
      const end = Math.min(pairs.length, state.scores.length + most);
      while (state.scores.length < end && now() === state) {
        const next = pairs.slice(state.scores.length, Math.min(end, state.scores.length + atOnce));
        if (!(await measure(deps, state, next, signal))) return;
      }
      if (state.scores.length < pairs.length) return;
      state.calibration = concluded(state);
      state.pairs = null;
      const value = new TextEncoder().encode(JSON.stringify(state.calibration));
      tiers.write("calibration", [{ about: aboutOf(state), value }]);
    },
  };
}

const aboutOf = ({ fingerprint }: Measured): string =>
  JSON.stringify([version, errorBudget, fingerprint]);

const concluded = ({ scores, tookMs }: Measured): ScorerCalibration => ({
  ...calibrate(scores, errorBudget),
  pairs: scores.length,
  pairMs: tookMs / Math.max(scores.length, 1),
});

/** False when the scorer says nothing: later then. */
async function measure(
  { scorer, quiet, clock }: ScorerCalibrationsDeps,
  state: Measured,
  pairs: readonly LabelledTexts[],
  signal: AbortSignal,
): Promise<boolean> {
  const found = await quiet.run(async (calm) => {
    const startedAt = clock.now();
    const scores = await scoresBothWays(
      scorer,
      pairs.map(({ a, b }) => [a, b]),
      idleCall(clock, calm),
    );
    return scores && { scores, tookMs: clock.now() - startedAt };
  }, signal);
  if (found === null) return false;
  state.tookMs += found.tookMs;
  pairs.forEach(({ same }, place) => {
    state.scores.push({ similarity: found.scores[place] ?? 1, same });
  });
  return true;
}

/** The score of each pair, read both ways round; `null` when there is none. */
export async function scoresBothWays(
  scorer: PairScorer,
  pairs: readonly (readonly [string, string])[],
  call: ModelCall,
): Promise<readonly number[] | null> {
  const turned = pairs.map(([one, other]) => [other, one] as const);
  const scores = await scorer.score([...pairs, ...turned], call);
  if (scores?.length !== 2 * pairs.length) return null;
  return pairs.map((_, place) => pairScore(scores[place] ?? 0, scores[place + pairs.length] ?? 0));
}
