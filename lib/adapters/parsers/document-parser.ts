import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { AppError } from "../../core/errors/app-error.ts";
import type { DocumentParser, ParsedDocument, ParseProgress } from "../../ports/document-parser.ts";
import { detectType } from "./detect-type.ts";
import { reportFd, type WorkerReport } from "./worker-report.ts";

export interface ParserDeps {
  /** Folder that holds `lib`, `node_modules` and `package.json`. */
  readonly projectRoot: string;
  /** Longest time a file may take; 60 s unless a test says otherwise. */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 60_000;
const heapMegabytes = 1024;
// JSON escapes make a text of 20 MB longer; a child that writes more than this has gone wrong.
const longestReport = 200_000_000;

const workerArguments = (root: string, mediaType: string, path: string): string[] => [
  "--permission",
  ...[join(root, "lib"), join(root, "node_modules"), join(root, "package.json"), path].map(
    (allowed) => `--allow-fs-read=${allowed}`,
  ),
  `--max-old-space-size=${String(heapMegabytes)}`,
  "--disallow-code-generation-from-strings",
  "--disable-warning=ExperimentalWarning",
  "--disable-warning=SecurityWarning",
  join(root, "lib/adapters/parsers/parser.worker.ts"),
  mediaType,
  path,
];

/** Reading a document is never urgent; answering is. Not every platform allows it. */
function yieldToOthers(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    return;
  }
}

function toError(report: Extract<WorkerReport, { type: "failed" }>): AppError {
  const details = report.reason === null ? {} : { reason: report.reason };
  return new AppError(report.code, details);
}

async function lastReport(
  lines: AsyncIterable<string>,
  onProgress: (progress: ParseProgress) => void,
): Promise<Exclude<WorkerReport, { type: "progress" }> | null> {
  for await (const line of lines) {
    if (line.length > longestReport) return null;
    const report = JSON.parse(line) as WorkerReport;
    if (report.type === "progress") onProgress(report.progress);
    else return report;
  }
  return null;
}

async function parse(
  deps: ParserDeps,
  file: { readonly path: string; readonly fileName: string },
  onProgress: (progress: ParseProgress) => void,
  signal: AbortSignal,
): Promise<ParsedDocument> {
  signal.throwIfAborted();
  const mediaType = await detectType(file.path, file.fileName);
  const timeout = AbortSignal.timeout(deps.timeoutMs ?? defaultTimeoutMs);
  const child = spawn(process.execPath, workerArguments(deps.projectRoot, mediaType, file.path), {
    env: { NODE_ENV: "production" },
    cwd: deps.projectRoot,
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  yieldToOthers(child.pid);
  const ended = new Promise<Error | null>((resolve) => {
    child.once("error", resolve);
    child.once("close", () => {
      resolve(null);
    });
  });
  const stop = () => child.kill("SIGKILL");
  const either = AbortSignal.any([signal, timeout]);
  either.addEventListener("abort", stop, { once: true });
  try {
    const input = child.stdio[reportFd] as Readable;
    const report = await lastReport(createInterface({ input }), onProgress).catch(() => null);
    if (report === null) stop();
    const failure = await ended;
    signal.throwIfAborted();
    if (failure !== null) throw new AppError("internal", { reason: "parser" }, { cause: failure });
    if (report?.type === "document") return report.document;
    if (report?.type === "failed") throw toError(report);
    // Out of time, out of memory or a crash in a library: the file asks for more than it may.
    throw new AppError("document_too_complex", {
      reason: timeout.aborted ? "time" : "memory, or a fault in the reader",
    });
  } finally {
    either.removeEventListener("abort", stop);
    stop();
  }
}

/** Reads every file in a process of its own; see `formats.ts` for the kinds. */
export function createDocumentParser(deps: ParserDeps): DocumentParser {
  return {
    parse: (file, onProgress, signal) => parse(deps, file, onProgress, signal),
    detect: (file) => detectType(file.path, file.fileName),
  };
}
