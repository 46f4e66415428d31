import { AppError } from "../../core/errors/app-error.ts";
import type { ReadFile } from "./read-file.ts";
import { encodingOfCharset, encodingOfPage } from "./rtf-encodings.ts";
import { rtfTokens, type RtfToken } from "./rtf-tokens.ts";
import { tableRow } from "./table-lines.ts";
import { createTextBuilder, type TextBuilder } from "./text-builder.ts";

/** Groups that hold no words of the document. */
const unread = new Set(
  (
    "colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf " +
    "fldinst themedata datastore latentstyles listtable listoverridetable rsidtbl generator xmlnstbl " +
    "revtbl filetbl annotation atnid atnauthor datafield bkmkstart bkmkend nonshppict mmathPr"
  ).split(" "),
);

/** What a group inherits and its end restores. */
interface State {
  readonly isUnread: boolean;
  readonly isFontTable: boolean;
  readonly isHidden: boolean;
  readonly font: number;
  /** How many characters stand in for a \u that the reader knows. */
  readonly replacementCount: number;
}

interface Reading {
  readonly builder: TextBuilder;
  readonly stack: State[];
  readonly fonts: Map<number, string>;
  state: State;
  encoding: string;
  /** Bytes of characters that may go on in the next token: two-byte encodings are written as two escapes. */
  pending: number[];
  skip: number;
  paragraph: string;
  level: number;
  cells: string[];
  rows: string[];
  inTable: boolean;
  hiddenParts: number;
  afterStar: boolean;
}

const startState: State = {
  isUnread: false,
  isFontTable: false,
  isHidden: false,
  font: -1,
  replacementCount: 1,
};

function write(reading: Reading, text: string): void {
  const { state } = reading;
  if (state.isUnread || state.isFontTable) return;
  if (state.isHidden) {
    if (text.trim() !== "") reading.hiddenParts += 1;
    return;
  }
  reading.paragraph += text;
}

function flushBytes(reading: Reading): void {
  if (reading.pending.length === 0) return;
  const encoding = reading.fonts.get(reading.state.font) ?? reading.encoding;
  const bytes = Uint8Array.from(reading.pending);
  reading.pending = [];
  write(reading, new TextDecoder(encoding).decode(bytes));
}

function endTable(reading: Reading): void {
  reading.builder.add("table", reading.rows.join("\n"));
  reading.rows = [];
}

function endParagraph(reading: Reading): void {
  const text = reading.paragraph;
  reading.paragraph = "";
  if (reading.inTable) {
    // A cell may hold several paragraphs.
    reading.paragraph = text === "" ? "" : `${text} `;
    return;
  }
  if (reading.rows.length > 0) endTable(reading);
  if (reading.level > 0) reading.builder.add("heading", text, reading.level);
  else if (/^\s*(?:[•·▪◦-]|\d{1,3}[.)])\t/.test(text))
    reading.builder.add(
      "list",
      text
        .trim()
        .replace(/^[•·▪◦-]\t/, "- ")
        .replace("\t", " "),
    );
  else reading.builder.add("paragraph", text);
}

function endRow(reading: Reading): void {
  const row = tableRow(reading.cells);
  if (/[^\s|]/.test(row)) reading.rows.push(row);
  reading.cells = [];
  reading.paragraph = "";
}

const symbols: Readonly<Record<string, string>> = {
  tab: "\t",
  line: "\n",
  emdash: "—",
  endash: "–",
  lquote: "‘",
  rquote: "’",
  ldblquote: "“",
  rdblquote: "”",
  bullet: "•",
  emspace: " ",
  enspace: " ",
};

function unicode(reading: Reading, parameter: number): void {
  const code = parameter < 0 ? parameter + 65_536 : parameter;
  // Surrogates come as two \u in a row, so they are joined by writing them one after the other.
  write(reading, String.fromCharCode(code));
  reading.skip = reading.state.replacementCount;
}

/** Words that change what the group inherits. */
function changeState(reading: Reading, word: string, parameter: number | null): boolean {
  const { state } = reading;
  const on = parameter !== 0;
  switch (word) {
    case "fonttbl":
      reading.state = { ...state, isFontTable: true };
      return true;
    case "v":
      reading.state = { ...state, isHidden: on };
      return true;
    case "plain":
      reading.state = { ...state, isHidden: false };
      return true;
    case "uc":
      reading.state = { ...state, replacementCount: Math.max(0, Math.min(parameter ?? 1, 10)) };
      return true;
    case "f":
      reading.state = { ...state, font: parameter ?? -1 };
      return true;
    default:
      return false;
  }
}

/** Words about the encoding. */
function changeEncoding(reading: Reading, word: string, parameter: number | null): boolean {
  if (word === "ansicpg") reading.encoding = encodingOfPage(parameter ?? 1252);
  else if (word === "mac") reading.encoding = "macintosh";
  else if (word === "fcharset") {
    const encoding = encodingOfCharset[parameter ?? 0];
    if (reading.state.isFontTable && encoding !== undefined)
      reading.fonts.set(reading.state.font, encoding);
  } else return false;
  return true;
}

/** Words about the shape of the paragraph. */
function changeShape(reading: Reading, word: string, parameter: number | null): boolean {
  if (word === "pard") {
    reading.inTable = false;
    reading.level = 0;
  } else if (word === "intbl") reading.inTable = true;
  else if (word === "outlinelevel")
    reading.level = parameter !== null && parameter < 6 ? parameter + 1 : 0;
  else return false;
  return true;
}

/** Words that end something, and those that stand for a character. */
function endOrWrite(reading: Reading, word: string): void {
  switch (word) {
    case "par":
    case "sect":
    case "page":
      endParagraph(reading);
      return;
    case "cell":
    case "nestcell":
      reading.cells.push(reading.paragraph);
      reading.paragraph = "";
      return;
    case "row":
    case "nestrow":
      endRow(reading);
      return;
    default:
      write(reading, symbols[word] ?? "");
  }
}

function onWord(reading: Reading, word: string, parameter: number | null): void {
  const isDestination = reading.afterStar || unread.has(word);
  reading.afterStar = false;
  // Starred groups are for programs that know them; only the text of shapes is worth knowing.
  if (isDestination && word !== "shptxt" && word !== "shpinst") {
    reading.state = { ...reading.state, isUnread: true };
    return;
  }
  const changes = [changeState, changeEncoding, changeShape];
  if (changes.some((change) => change(reading, word, parameter))) return;
  if (word === "u" && parameter !== null) unicode(reading, parameter);
  else if (!reading.state.isUnread) endOrWrite(reading, word);
}

function onSymbol(reading: Reading, symbol: string): void {
  if (symbol === "*") reading.afterStar = true;
  else if (symbol === "~") write(reading, " ");
  else if (symbol === "_") write(reading, "-");
  else if (symbol === "\n" || symbol === "\r") endParagraph(reading);
  else if (symbol === "{" || symbol === "}" || symbol === "\\") write(reading, symbol);
}

const deepestGroup = 2000;

function onToken(reading: Reading, token: RtfToken): void {
  if (token.kind === "bytes") {
    const bytes = token.bytes.slice(reading.skip);
    reading.skip = Math.max(0, reading.skip - token.bytes.length);
    for (const byte of bytes) reading.pending.push(byte);
    return;
  }
  flushBytes(reading);
  reading.skip = 0;
  switch (token.kind) {
    case "open":
      if (reading.stack.length > deepestGroup)
        throw new AppError("document_too_complex", { reason: "nested too deeply" });
      reading.stack.push(reading.state);
      return;
    case "close":
      reading.state = reading.stack.pop() ?? startState;
      reading.afterStar = false;
      return;
    case "word":
      onWord(reading, token.word, token.parameter);
      return;
    case "symbol":
      onSymbol(reading, token.symbol);
      return;
    default:
      token satisfies never;
  }
}

export const readRtf: ReadFile = (bytes) => {
  const builder = createTextBuilder();
  const reading: Reading = {
    builder,
    stack: [],
    fonts: new Map(),
    state: startState,
    encoding: "windows-1252",
    pending: [],
    skip: 0,
    paragraph: "",
    level: 0,
    cells: [],
    rows: [],
    inTable: false,
    hiddenParts: 0,
    afterStar: false,
  };
  for (const token of rtfTokens(bytes)) onToken(reading, token);
  flushBytes(reading);
  reading.inTable = false;
  endParagraph(reading);
  if (reading.rows.length > 0) endTable(reading);
  if (reading.hiddenParts > 0)
    builder.warn(`Left out ${String(reading.hiddenParts)} hidden parts.`);
  return Promise.resolve(builder.finish(null));
};
