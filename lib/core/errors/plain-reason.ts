import type { AppError } from "./app-error.ts";
import { errorCodes } from "./error-codes.ts";

/** Faults whose reason is a sentence for the person whose file it is. */
const ofFiles = new Set([
  ...["unsupported_type", "payload_too_large", "document_unreadable", "document_encrypted"],
  ...["document_empty", "document_too_complex"],
]);

const saveAnew = "Save it anew in the program that made it, and upload that.";

/**
 * What people read of a failure: for a file what is wrong with it and what to do about it, else what its code says.
 * Other reasons are for the log.
 */
export function plainReason(error: AppError): string {
  const { message } = errorCodes[error.code];
  if (!ofFiles.has(error.code)) return message;
  const { reason, limitBytes } = error.details as {
    readonly reason?: string;
    readonly limitBytes?: number;
  };
  if (limitBytes !== undefined) return tooLarge(limitBytes);
  const said = reason?.endsWith(".") === true ? reason : message;
  return error.code === "document_unreadable" && !said.includes("upload")
    ? `${said} ${saveAnew}`
    : said;
}

const megabyte = 1_000_000;

function tooLarge(limitBytes: number): string {
  const { message } = errorCodes.payload_too_large;
  if (limitBytes < megabyte) return message;
  return `${message} At most ${String(Math.floor(limitBytes / megabyte))} MB are taken.`;
}
