import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { createEvaluationFolder } from "../adapters/files/evaluation-folder.ts";
import { createDocumentParser } from "../adapters/parsers/document-parser.ts";
import { createSystemClock } from "../adapters/system/clock.ts";
import type { Config } from "../config.ts";
import type { EvaluationReport } from "../core/evaluation/findings.ts";
import { AppError } from "../core/errors/app-error.ts";
import { createEvaluateCache } from "../services/evaluate/evaluate-cache.ts";
import { createEvaluateConversations } from "../services/evaluate/evaluate-conversations.ts";
import { createEvaluateDocuments } from "../services/evaluate/evaluate-documents.ts";
import { createEvaluateGrounding } from "../services/evaluate/evaluate-grounding.ts";
import { createEvaluateInjection } from "../services/evaluate/evaluate-injection.ts";
import { createEvaluateRetrieval } from "../services/evaluate/evaluate-retrieval.ts";
import type { Evaluation } from "../services/evaluate/evaluation.ts";
import { openParts } from "./evaluation-parts.ts";

export interface EvaluationDeps {
  readonly config: Config;
  readonly projectRoot: string;
}

/** An evaluation with everything it needs opened for it. */
export interface OpenEvaluation {
  readonly evaluate: Evaluation;
  readonly close: () => Promise<void>;
}

function openDocuments({ projectRoot }: EvaluationDeps): Promise<OpenEvaluation> {
  const parser = createDocumentParser({ projectRoot });
  const evaluate = createEvaluateDocuments({ parser, clock: createSystemClock() });
  return Promise.resolve({ evaluate, close: () => Promise.resolve() });
}

type EvaluationParts = Awaited<ReturnType<typeof openParts>>;

const withParts =
  (create: (parts: EvaluationParts) => Evaluation) =>
  async ({ config, projectRoot }: EvaluationDeps): Promise<OpenEvaluation> => {
    const parts = await openParts(config, projectRoot);
    return { evaluate: create(parts), close: () => parts.close() };
  };

async function openCache({ config, projectRoot }: EvaluationDeps): Promise<OpenEvaluation> {
  const parts = await openParts(config, projectRoot);
  const contested = createEvaluationFolder(join(projectRoot, "testing/fixtures/cache"));
  const evaluate = createEvaluateCache({ ...parts, contested, newId: randomUUID });
  return { evaluate, close: () => parts.close() };
}

/** Each kind opens only what it measures with. A new kind is a service beside evaluate-documents.ts and a line here. */
const kinds: Readonly<Record<string, (deps: EvaluationDeps) => Promise<OpenEvaluation>>> = {
  documents: openDocuments,
  cache: openCache,
  retrieval: withParts(createEvaluateRetrieval),
  grounding: withParts(createEvaluateGrounding),
  injection: withParts(createEvaluateInjection),
  conversations: () =>
    Promise.resolve({ evaluate: createEvaluateConversations(), close: () => Promise.resolve() }),
};

export const evaluationKinds: readonly string[] = Object.keys(kinds);

/**
 * Takes the figures of `kind` on a folder of data.
 * @throws AppError `bad_request` for an unknown kind, `not_found` where the folder does not hold its data
 */
export async function runEvaluation(
  kind: string,
  path: string,
  deps: EvaluationDeps & {
    readonly signal: AbortSignal;
    readonly onProgress: (line: string) => void;
  },
): Promise<EvaluationReport> {
  const open = kinds[kind];
  if (open === undefined) throw new AppError("bad_request", { issues: [`no kind "${kind}"`] });
  const { signal, onProgress } = deps;
  const startedAt = performance.now();
  const { evaluate, close } = await open(deps);
  try {
    const findings = await evaluate({ data: createEvaluationFolder(path), signal, onProgress });
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    return { kind, path, ...findings, seconds };
  } finally {
    await close();
  }
}
