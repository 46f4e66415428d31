import { AppError } from "../../core/errors/app-error.ts";
import { guessEncoding } from "./guess-encoding.ts";

const decode = (bytes: Uint8Array, encoding: string, strict: boolean): string =>
  new TextDecoder(encoding, { fatal: strict }).decode(bytes);

function strictUtf8(bytes: Uint8Array): string | null {
  try {
    return decode(bytes, "utf-8", true);
  } catch {
    return null;
  }
}

const startsWith = (bytes: Uint8Array, ...prefix: number[]): boolean =>
  prefix.every((byte, index) => bytes[index] === byte);

/** Share of zero bytes at even and at odd places of the beginning: UTF-16 without a byte order mark has nearly all on one side. */
function unmarkedUtf16(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  const seen = bytes.subarray(0, 4096);
  if (seen.length < 8) return null;
  let even = 0;
  let odd = 0;
  for (const [index, byte] of seen.entries()) {
    if (byte === 0 && index % 2 === 0) even += 1;
    else if (byte === 0) odd += 1;
  }
  const half = seen.length / 2;
  if (odd > half * 0.3 && even < half * 0.05) return "utf-16le";
  if (even > half * 0.3 && odd < half * 0.05) return "utf-16be";
  return null;
}

function knownEncoding(label: string | null): string | null {
  if (label === null) return null;
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}

/** Bytes that no text in an eight-bit encoding has. */
function looksBinary(bytes: Uint8Array): boolean {
  const seen = bytes.subarray(0, 65_536);
  let odd = 0;
  for (const byte of seen) {
    if (byte === 0) return true;
    if (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13) odd += 1;
  }
  return odd > seen.length * 0.02;
}

const notText = "The name says that this is text, but its content is none.";
const unknownEncoding =
  "The encoding of this text cannot be told. Save it as UTF-8 and upload that.";

/**
 * Bytes as text: a byte order mark, else UTF-16 by its zero bytes, else valid UTF-8, else what the file
 * declares, else what its letters look like, else windows-1252.
 * Valid UTF-8 wins over a declaration, because declarations are wrong more often than chance makes valid UTF-8.
 * @throws AppError `unsupported_type` for bytes that are no text, or in an encoding that cannot be told
 */
export function decodeText(
  bytes: Uint8Array,
  declared: string | null,
): { readonly text: string; readonly warning: string | null } {
  if (startsWith(bytes, 0xef, 0xbb, 0xbf)) return decoded(bytes, "utf-8");
  if (startsWith(bytes, 0xff, 0xfe)) return decoded(bytes, "utf-16le");
  if (startsWith(bytes, 0xfe, 0xff)) return decoded(bytes, "utf-16be");
  const wide = unmarkedUtf16(bytes);
  if (wide !== null) return decoded(bytes, wide);
  if (looksBinary(bytes)) throw new AppError("unsupported_type", { reason: notText });
  const utf8 = strictUtf8(bytes);
  if (utf8 !== null) return { text: utf8, warning: null };
  const named = knownEncoding(declared);
  if (named !== null && named !== "utf-8") return decoded(bytes, named);
  const likely = guessEncoding(bytes);
  if (likely === null) throw new AppError("unsupported_type", { reason: unknownEncoding });
  return {
    text: decode(bytes, likely, false),
    warning: `The text is not UTF-8; it was read as ${likely}, so some characters may be wrong. Save it as UTF-8 if so.`,
  };
}

const decoded = (bytes: Uint8Array, encoding: string) => ({
  text: decode(bytes, encoding, false),
  warning: null,
});
