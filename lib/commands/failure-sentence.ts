import { isAppError } from "../core/errors/app-error.ts";

/** The one line that a command ends with when it fails. */
export function failureSentence(error: unknown): string {
  if (isAppError(error, "config_invalid")) return error.details.faults.join("\n");
  if (isAppError(error, "backup_damaged"))
    return `${error.message} Look at: ${error.details.what}.`;
  if (isAppError(error, "database_newer"))
    return "This was written by a newer Drover than this one. Update the program, then try again. Nothing was changed.";
  if (isAppError(error, "database_unavailable"))
    return `The database does not answer (${error.details.reason ?? "no reason given"}). Nothing was changed.`;
  if (isAppError(error, "disk_full"))
    return "The disk is full. Nothing was changed and nothing half done was left. Free some space, then try again.";
  if (isFullDatabase(error))
    return "The disk of the database is full. Nothing was changed. Free some space, then try again.";
  return error instanceof Error ? error.message : "This failed for an unknown reason.";
}

/** Postgres' own codes: disk_full, and io_error, which the embedded engine says. */
const isFullDatabase = (error: unknown): boolean =>
  error instanceof Error &&
  (("code" in error && error.code === "53100") || error.message.includes("No space left"));
