const brand = Symbol.for("drover.SetupFailure");

/** Ends the start with one line that says what to do. */
export const setupFailure = (sentence: string, cause?: unknown): Error =>
  Object.assign(new Error(sentence, cause === undefined ? {} : { cause }), { [brand]: true });

/** The one line for whatever went wrong while starting. */
export function sentenceFor(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (brand in error) return error.message;
  const code = "code" in error ? String(error.code) : "";
  switch (code) {
    case "ENOSPC":
      return "The disk is full. Free about 1 GB, then run npm start again.";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return `Drover may not write here: ${error.message}. Give your user this folder or set DROVER_DATA_DIR.`;
    default:
      return error.message.split("\n", 1)[0] ?? "The start failed.";
  }
}
