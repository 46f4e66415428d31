// npm run evaluate -- KIND PATH [--json FILE] [--run FILE]
// Takes quality figures on a folder of data with the services of the product (docs/evaluation.md).
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { parseConfig } from "../config.ts";
import { evaluationKinds, runEvaluation } from "../container.ts";
import { isAppError } from "../core/errors/app-error.ts";
import { formatReport } from "../core/evaluation/findings.ts";

const usage = `Use: npm run evaluate -- KIND PATH [--json FILE] [--run FILE]
  KIND is one of ${evaluationKinds.join(", ")}; PATH is a folder of data for it.
  --run writes the ranking of retrieval as a TREC run.`;

function sentenceFor(error: unknown): string {
  if (isAppError(error, "config_invalid")) return error.details.faults.join("\n");
  if (isAppError(error, "not_found"))
    return `There is no such data: ${error.cause instanceof Error ? error.cause.message : ""}`;
  return error instanceof Error ? error.message : "This failed for an unknown reason.";
}

interface Files {
  readonly json?: string | undefined;
  readonly run?: string | undefined;
}

async function run(kind: string, path: string, files: Files): Promise<void> {
  const interrupted = new AbortController();
  process.once("SIGINT", () => {
    interrupted.abort(new Error("Stopped."));
  });
  // eslint-disable-next-line no-restricted-syntax -- a command hands its environment to the one reader of it
  const config = parseConfig(process.env);
  const { runLines, ...report } = await runEvaluation(kind, path, {
    config,
    projectRoot: process.cwd(),
    signal: interrupted.signal,
    onProgress: (line) => {
      console.error(line);
    },
  });
  console.log(formatReport(report));
  if (files.json !== undefined) await writeFile(files.json, JSON.stringify(report, undefined, 2));
  if (files.run !== undefined) await writeFile(files.run, `${(runLines ?? []).join("\n")}\n`);
}

const { values, positionals } = parseArgs({
  options: { json: { type: "string" }, run: { type: "string" } },
  allowPositionals: true,
});
const [kind = "", path, ...rest] = positionals;
if (!evaluationKinds.includes(kind) || path === undefined || rest.length > 0) {
  console.error(usage);
  process.exit(2);
}
try {
  await run(kind, path, values);
} catch (error) {
  console.error(sentenceFor(error));
  process.exitCode = 1;
}
