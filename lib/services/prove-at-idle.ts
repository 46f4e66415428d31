import { semanticState, type SemanticState, type Tally } from "../core/cache/calibration.ts";
import { calibrationOf } from "../core/cache/semantic-decision.ts";
import type { CacheUpkeepStore } from "../ports/cache-upkeep-store.ts";
import type { QuietTime } from "./quiet-time.ts";
import type { ScorerCalibrations } from "./scorer-calibration.ts";
import { checkShadow, type ShadowAnswersDeps, type ShadowResult } from "./shadow-answers.ts";
import { verifyWording, type VerifyWordingsDeps } from "./verify-wordings.ts";

export interface ProveAtIdle {
  /** Proves some of what is open; resolves when nothing is left or `most` are done. Returns what each came to, e.g. `alias`. */
  work(most: number, signal: AbortSignal): Promise<ReadonlyMap<string, number>>;
  /** What the semantic tier does in a workspace, by what was read last. */
  state(workspaceId: string): SemanticState;
  /** Reads the results of all processes. */
  refresh(): Promise<void>;
}

export interface ProveAtIdleDeps extends VerifyWordingsDeps, ShadowAnswersDeps {
  readonly quiet: QuietTime;
  readonly upkeep: CacheUpkeepStore;
  /** Where a cross-encoder may be installed. */
  readonly calibrations?: Pick<ScorerCalibrations, "refresh" | "work">;
}

/** Pairs of a cross-encoder's calibration at a time: wordings are proven in between. */
const mostMeasured = 200;
const nothing: Tally = { served: 0, wrong: 0 };

/** What nobody waits for: other wordings are proven, served ones answered once more, and the tier is judged by the results. */
export function createProveAtIdle(deps: ProveAtIdleDeps): ProveAtIdle {
  const { upkeep, quiet } = deps;
  let tallies: ReadonlyMap<string, Tally> = new Map();
  const refresh = async (): Promise<void> => {
    tallies = await upkeep.tallies();
    await deps.calibrations?.refresh();
  };
  const state = (workspaceId: string): SemanticState => {
    const { tally } = calibrationOf(deps.fingerprint().embedder);
    return semanticState(tallies.get(workspaceId) ?? nothing, tally);
  };
  return {
    refresh,
    state,
    async work(most, signal) {
      const results = new Map<string, number>();
      const add = (name: string, count = 1): void => {
        results.set(name, (results.get(name) ?? 0) + count);
      };
      for (const shadow of await upkeep.openShadows(most)) {
        const { verdict, cost } = await quiet.run<ShadowResult>(
          (calm) => checkShadow(deps, shadow, calm),
          signal,
        );
        add(`shadow-${verdict}`);
        add("tookMs", cost.tookMs);
        add("tokens", cost.tokens);
      }
      await refresh();
      await deps.calibrations?.work(mostMeasured, signal);
      for (const open of await upkeep.openWordings(most)) {
        const isOff = state(open.actor.workspaceId) === "off";
        if (isOff) await upkeep.verified(open.key, "switched-off");
        else if ((await quiet.run((calm) => verifyWording(deps, open, calm), signal)) === "alias")
          add("aliases");
        else add("unproven");
      }
      return results;
    },
  };
}
