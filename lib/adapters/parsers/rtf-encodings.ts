/** Encodings of \fcharset, by the name that TextDecoder knows. */
export const encodingOfCharset: Readonly<Record<number, string>> = {
  77: "macintosh",
  128: "shift_jis",
  129: "euc-kr",
  134: "gbk",
  136: "big5",
  161: "windows-1253",
  162: "windows-1254",
  163: "windows-1258",
  177: "windows-1255",
  178: "windows-1256",
  186: "windows-1257",
  204: "windows-1251",
  222: "windows-874",
  238: "windows-1250",
};
const codePages: Readonly<Record<number, string>> = {
  437: "windows-1252",
  866: "ibm866",
  874: "windows-874",
  932: "shift_jis",
  936: "gbk",
  949: "euc-kr",
  950: "big5",
  10000: "macintosh",
  65001: "utf-8",
};
/** The encoding of \ansicpg, by the name that TextDecoder knows. */
export const encodingOfPage = (page: number): string =>
  codePages[page] ?? (page >= 1250 && page <= 1258 ? `windows-${String(page)}` : "windows-1252");
