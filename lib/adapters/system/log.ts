import { isAppError } from "../../core/errors/app-error.ts";

/** One JSON line an event, on standard error. Never holds questions, answers, document text or secrets. */
export type Report = (error: unknown, context: string) => void;

const sqlState = /^[0-9A-Z]{5}$/;

/** A query error repeats its parameters in its message, and those are people's words: of it only the SQL state is told. */
function wordsOf(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const hidden = "params" in error || sqlState.test(code);
  const named = code === "" ? error.name : `${error.name} ${code}`;
  return hidden ? named : `${named}: ${error.message.slice(0, 300)}`;
}

/** The codes and causes of an error, outermost first; messages of foreign errors only, for ours are in the table. */
function chainOf(error: unknown, depth = 0): readonly string[] {
  if (depth > 4 || error === undefined || error === null) return [];
  const own = isAppError(error)
    ? `${error.code} ${JSON.stringify(error.details)}`
    : error instanceof Error
      ? wordsOf(error)
      : typeof error;
  const cause = error instanceof Error ? error.cause : undefined;
  return [own, ...chainOf(cause, depth + 1)];
}

export function createReport(write: (line: string) => void, wallTime: () => Date): Report {
  return (error, context) => {
    // JSON escapes control characters, so one event stays one line.
    write(
      JSON.stringify({
        at: wallTime().toISOString(),
        level: "error",
        context,
        error: chainOf(error),
      }),
    );
  };
}
