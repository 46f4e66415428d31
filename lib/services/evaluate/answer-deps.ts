import type { LocalModels } from "../../local-models.ts";
import type { Clock } from "../../ports/clock.ts";
import type { CorpusLoader } from "../../ports/corpus-loader.ts";
import type { TextScorer } from "../../ports/text-scorer.ts";
import type { RetrieveChunks } from "../retrieve-chunks.ts";

/** What answers are evaluated with: an empty database, the product's search over it, and models. */
export interface EvaluateAnswersDeps {
  readonly loader: CorpusLoader;
  readonly models: LocalModels;
  readonly scorer: TextScorer;
  readonly retrieve: RetrieveChunks;
  readonly clock: Clock;
}
