import { isAppError } from "../../core/errors/app-error.ts";

/** One JSON line an event, on standard error. Never holds questions, answers, document text or secrets. */
export type Report = (error: unknown, context: string) => void;

/** The codes and causes of an error, outermost first; messages of foreign errors only, for ours are in the table. */
function chainOf(error: unknown, depth = 0): readonly string[] {
  if (depth > 4 || error === undefined || error === null) return [];
  const own = isAppError(error)
    ? `${error.code} ${JSON.stringify(error.details)}`
    : error instanceof Error
      ? `${error.name}: ${error.message.slice(0, 300)}`
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
