import { type AppError, isAppError } from "../core/errors/app-error.ts";
import { causesOf, codeProperty, errorCodeOf } from "../core/errors/error-code-of.ts";
import { errorCodes, type ErrorCode } from "../core/errors/error-codes.ts";
import { plainReason } from "../core/errors/plain-reason.ts";
import { json } from "./reply.ts";

/** A failure as the edge sees it: the code for the caller, and what the log may say about the rest. */
export interface Failure {
  readonly code: ErrorCode;
  readonly issues: readonly string[];
  readonly retryAfterMs: number | null;
  readonly reason: string | null;
  readonly cause: unknown;
}

const knownDetails = (error: AppError): Partial<Failure> => {
  if (isAppError(error, "bad_request")) return { issues: error.details.issues };
  if (isAppError(error, "source_refused"))
    return { issues: error.details.reason === undefined ? [] : [error.details.reason] };
  if (isAppError(error, "rate_limited") || isAppError(error, "cluster_saturated"))
    return { retryAfterMs: error.details.retryAfterMs };
  return "reason" in error.details && typeof error.details.reason === "string"
    ? { reason: error.details.reason }
    : {};
};

export function failureOf(error: unknown): Failure {
  const plain = { issues: [], retryAfterMs: null, reason: null, cause: error };
  if (isAppError(error)) return { ...plain, code: error.code, ...knownDetails(error) };
  return { ...plain, code: errorCodeOf(error) };
}

const defaultRetryAfterMs = 2_000;

/** What the caller gets: a code, its sentence (of a file: what is wrong with it) and the request's id. Nothing of the cause. */
export function failureResponse(failure: Failure, requestId: string): Response {
  const { status, message: usual } = errorCodes[failure.code];
  const message = isAppError(failure.cause) ? plainReason(failure.cause) : usual;
  const response = json(status, {
    error: {
      code: failure.code,
      message,
      requestId,
      ...(failure.issues.length === 0 ? {} : { details: { issues: failure.issues } }),
      ...(failure.code === "document_unreadable" || failure.code === "weak_password"
        ? { details: { reason: failure.reason } }
        : {}),
    },
  });
  if (status === 429 || status === 503) {
    const seconds = Math.ceil((failure.retryAfterMs ?? defaultRetryAfterMs) / 1_000);
    response.headers.set("retry-after", String(Math.max(1, seconds)));
  }
  return response;
}

/** A query error repeats its parameters in its message, and those are people's words: only the SQL state is told. */
function describe(error: unknown): string {
  const lines: string[] = [];
  for (const cause of causesOf(error)) {
    if (!(cause instanceof Error)) break;
    const code = codeProperty(cause);
    const hidden = "params" in cause || /^[0-9A-Z]{5}$/.test(code);
    lines.push(
      `${cause.name}${code === "" ? "" : ` ${code}`}${hidden ? "" : `: ${cause.message}`}`,
    );
  }
  return lines.join(" <- ").slice(0, 2_000);
}

const stackOf = (error: unknown): string | undefined =>
  error instanceof Error
    ? error.stack
        ?.split("\n")
        .filter((line) => /^\s+at /.test(line))
        .slice(0, 12)
        .map((line) => line.trim())
        .join(" | ")
    : undefined;

/** Whatever would break a line or colour a terminal is written as an escape. */
const unsafe = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export const logLine = (entry: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(entry).replace(
    unsafe,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** One line a failure. Never a body, a cookie, a query string or a header. */
export function failureEntry(
  failure: Failure,
  request: {
    readonly requestId: string;
    readonly method: string;
    readonly path: string;
    readonly actorId: string | null;
    readonly durationMs: number;
    readonly at: Date;
  },
): Readonly<Record<string, unknown>> {
  const { status } = errorCodes[failure.code];
  const { at, path, ...rest } = request;
  return {
    time: at.toISOString(),
    level: status >= 500 ? "error" : "info",
    event: "request.failed",
    ...rest,
    path: path.slice(0, 300),
    status,
    code: failure.code,
    ...(failure.reason === null ? {} : { reason: failure.reason.slice(0, 500) }),
    ...(failure.issues.length === 0 ? {} : { issues: failure.issues }),
    ...(status >= 500 ? { cause: describe(failure.cause), stack: stackOf(failure.cause) } : {}),
  };
}
