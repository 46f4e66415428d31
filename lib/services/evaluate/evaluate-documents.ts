import { isAppError } from "../../core/errors/app-error.ts";
import { errorCodes, type ErrorCode } from "../../core/errors/error-codes.ts";
import type { Clock } from "../../ports/clock.ts";
import type { DocumentParser } from "../../ports/document-parser.ts";
import type { Evaluation, EvaluationRun } from "./evaluation.ts";

/** A line of `manifest.jsonl`. `either`: text and a clear reason are both right. */
interface Expected {
  readonly file: string;
  readonly expect: "text" | "error" | "either";
  readonly must_contain?: string | null;
}

interface Ended {
  readonly file: string;
  readonly expected: string;
  /** `text`, or the code it failed with. */
  readonly got: string;
  /** The sentence that people see, or why the text is not right. */
  readonly reason: string;
  readonly ms: number;
  readonly ok: boolean;
}

const codes: ReadonlySet<ErrorCode> = new Set([
  "unsupported_type",
  "document_unreadable",
  "document_encrypted",
  "document_empty",
  "document_too_complex",
]);

/** How both sides are compared: the phrase was found by another tool, which may compose and space differently. */
const comparable = (text: string): string =>
  text.normalize("NFKC").replaceAll(/\s+/g, " ").trim().toLowerCase();

function judgeText(
  entry: Expected,
  text: string,
): { readonly ok: boolean; readonly reason: string } {
  if (entry.expect === "error") return { ok: false, reason: "It was read, but must not be." };
  const phrase = comparable(entry.must_contain ?? "");
  const ok = text.trim() !== "" && comparable(text).includes(phrase);
  return { ok, reason: ok ? "" : `Its text does not contain "${phrase}".` };
}

function judgeError(entry: Expected, error: unknown): Pick<Ended, "got" | "ok" | "reason"> {
  if (!isAppError(error)) return { got: "crash", ok: false, reason: String(error) };
  const { reason } = error.details as { readonly reason?: string };
  const sentence = [errorCodes[error.code].message, reason ?? ""].join(" ").trim();
  return {
    got: error.code,
    ok: entry.expect !== "text" && codes.has(error.code),
    reason: sentence,
  };
}

async function readOne(
  deps: { readonly parser: DocumentParser; readonly clock: Clock },
  run: EvaluationRun,
  entry: Expected,
): Promise<Ended> {
  const startedAt = deps.clock.now();
  const end = (verdict: Pick<Ended, "got" | "ok" | "reason">): Ended => ({
    file: entry.file,
    expected: entry.expect,
    ...verdict,
    ms: Math.round(deps.clock.now() - startedAt),
  });
  const file = { path: run.data.filePath(entry.file), fileName: entry.file };
  try {
    const document = await deps.parser.parse(file, () => undefined, run.signal);
    return end({ got: "text", ...judgeText(entry, document.text) });
  } catch (error) {
    run.signal.throwIfAborted();
    return end(judgeError(entry, error));
  }
}

const slowestShown = 5;

/**
 * Reads every file of `manifest.jsonl` with the product's reader and compares how it ended with what the manifest expects.
 * `ok` is the share that ended so; `wrong` names the others.
 */
export function createEvaluateDocuments(deps: {
  readonly parser: DocumentParser;
  readonly clock: Clock;
}): Evaluation {
  return async (run) => {
    const ended: Ended[] = [];
    for await (const line of run.data.lines("manifest.jsonl")) {
      const entry = JSON.parse(line) as Expected;
      const one = await readOne(deps, run, entry);
      ended.push(one);
      if (!one.ok) run.onProgress(`${one.file}: ${one.got}. ${one.reason}`);
    }
    const right = ended.filter(({ ok }) => ok).length;
    const slowest = ended.toSorted((one, other) => other.ms - one.ms).slice(0, slowestShown);
    return {
      metrics: {
        ok: ended.length === 0 ? 0 : right / ended.length,
        "slowest.ms": slowest[0]?.ms ?? 0,
      },
      counts: { files: ended.length, ok: right, wrong: ended.length - right },
      ok: right,
      wrong: ended
        .filter(({ ok }) => !ok)
        .map(({ file, expected, got, reason }) => ({ file, expected, got, reason })),
      slowest: slowest.map(({ file, ms }) => ({ file, ms })),
      files: ended,
    };
  };
}
