/** A piece of an RTF file; `word` without its backslash, `parameter` null where it has none. */
export type RtfToken =
  | { readonly kind: "open" | "close" }
  | { readonly kind: "word"; readonly word: string; readonly parameter: number | null }
  | { readonly kind: "symbol"; readonly symbol: string }
  /** Text or `\'hh`, as bytes of the encoding in force. */
  | { readonly kind: "bytes"; readonly bytes: readonly number[] };

const isLetter = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
const isDigit = (code: number): boolean => code >= 48 && code <= 57;

const backslash = 92;
const open = 123;
const close = 125;
const quote = 39;
const space = 32;
const minus = 45;

interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

const byteAt = (cursor: Cursor, ahead = 0): number => cursor.bytes[cursor.at + ahead] ?? 0;

function readWord(cursor: Cursor): RtfToken {
  let word = "";
  while (isLetter(byteAt(cursor)) && word.length < 40) {
    word += String.fromCharCode(byteAt(cursor));
    cursor.at += 1;
  }
  let digits = "";
  if (byteAt(cursor) === minus && isDigit(byteAt(cursor, 1))) {
    digits = "-";
    cursor.at += 1;
  }
  while (isDigit(byteAt(cursor)) && digits.length < 12) {
    digits += String.fromCharCode(byteAt(cursor));
    cursor.at += 1;
  }
  if (byteAt(cursor) === space) cursor.at += 1;
  const parameter = digits === "" ? null : Number(digits);
  // Binary data follows a \bin: its bytes are no RTF.
  if (word === "bin" && parameter !== null && parameter > 0) cursor.at += parameter;
  return { kind: "word", word, parameter };
}

function readEscape(cursor: Cursor): RtfToken {
  cursor.at += 1;
  const code = byteAt(cursor);
  if (code === quote) {
    const hex = String.fromCharCode(byteAt(cursor, 1), byteAt(cursor, 2));
    cursor.at += 3;
    const value = /^[0-9a-f]{2}$/i.test(hex) ? [parseInt(hex, 16)] : [];
    return { kind: "bytes", bytes: value };
  }
  if (isLetter(code)) return readWord(cursor);
  cursor.at += 1;
  return { kind: "symbol", symbol: String.fromCharCode(code) };
}

function readBytes(cursor: Cursor): RtfToken {
  const bytes: number[] = [];
  for (; cursor.at < cursor.bytes.length; cursor.at += 1) {
    const code = byteAt(cursor);
    if (code === backslash || code === open || code === close) break;
    // Line ends only wrap the file.
    if (code !== 10 && code !== 13 && code !== 0) bytes.push(code);
  }
  return { kind: "bytes", bytes };
}

/** Cuts an RTF file (Microsoft's specification 1.9.1, "Conventions of an RTF Reader") into its pieces. */
export function* rtfTokens(bytes: Uint8Array): Generator<RtfToken> {
  const cursor: Cursor = { bytes, at: 0 };
  while (cursor.at < bytes.length) {
    const code = byteAt(cursor);
    if (code === open || code === close) {
      cursor.at += 1;
      yield { kind: code === open ? "open" : "close" };
    } else if (code === backslash) yield readEscape(cursor);
    else yield readBytes(cursor);
  }
}
