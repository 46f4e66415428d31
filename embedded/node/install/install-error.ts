/** Why a model could not be installed; each code has a different way out for the person who reads it. */
export type InstallErrorCode =
  | "source_unavailable"
  | "disk_full"
  | "checksum_mismatch"
  | "bad_archive"
  | "no_source_left"
  | "unknown_model";

const brand = Symbol.for("drover.InstallError");

export interface InstallError extends Error {
  readonly code: InstallErrorCode;
}

/**
 * @param message one line that a person can act on
 */
export const installError = (
  code: InstallErrorCode,
  message: string,
  cause?: unknown,
): InstallError => {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  return Object.assign(error, { name: "InstallError", code, [brand]: true });
};

export const isInstallError = (error: unknown, code?: InstallErrorCode): error is InstallError =>
  error instanceof Error &&
  brand in error &&
  (code === undefined || ("code" in error && error.code === code));

/** First line of whatever went wrong, for a message that must stay on one line. */
export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
