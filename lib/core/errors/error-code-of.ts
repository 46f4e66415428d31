import { isAppError } from "./app-error.ts";
import type { ErrorCode } from "./error-codes.ts";

/** Network faults of the database connection, and the Postgres classes for a server that is gone, starting, stopping or full. */
const databaseGone = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|08...|53...|57P0[1-5])$/;

/** What `pg` throws when the socket closes under a query, the pool gives up waiting, or Drover is about to end. */
const goneWithoutCode =
  /^(Connection terminated|timeout exceeded when trying to connect|Cannot use a pool after calling end)/;

/** The embedded database's socket file is missing while it starts; another missing file is another matter. */
const isMissingSocket = (error: unknown): boolean =>
  codeProperty(error) === "ENOENT" &&
  typeof error === "object" &&
  error !== null &&
  "syscall" in error &&
  error.syscall === "connect";

/** An error and what caused it, the outermost first. */
export function* causesOf(error: unknown): Generator {
  let current = error;
  for (let depth = 0; depth < 8 && current != null; depth += 1) {
    yield current;
    current = current instanceof Error ? current.cause : undefined;
  }
}

/** What the system or Postgres calls an error, or nothing. */
export const codeProperty = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
    ? error.code
    : "";

/** The database says that its disk is full: waiting alone does not help, as it does where it is away. */
const isDiskFull = (error: unknown): boolean =>
  [...causesOf(error)].some((cause) => /^(53100|ENOSPC|EDQUOT)$/.test(codeProperty(cause)));

/** Postgres' read_only_sql_transaction: a move or a restore holds everyone from writing. */
const isDatabaseHeld = (error: unknown): boolean =>
  [...causesOf(error)].some((cause) => codeProperty(cause) === "25006");

function isDatabaseGone(error: unknown): boolean {
  for (const cause of causesOf(error)) {
    if (databaseGone.test(codeProperty(cause)) || isMissingSocket(cause)) return true;
    if (cause instanceof Error && goneWithoutCode.test(cause.message)) return true;
  }
  return false;
}

/** What people are told of any error: its own code, what the database's state says, or `internal`. */
export function errorCodeOf(error: unknown): ErrorCode {
  if (isAppError(error)) return error.code;
  if (isDiskFull(error)) return "disk_full";
  if (isDatabaseHeld(error)) return "database_read_only";
  return isDatabaseGone(error) ? "database_unavailable" : "internal";
}
