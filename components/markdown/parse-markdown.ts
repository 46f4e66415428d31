import { blocksOf, withoutMarks } from "./markdown-blocks.ts";
import { lexMarkdown } from "./markdown-lexer.ts";
import type { Block } from "./markdown-tree.ts";

const longestChars = 60_000;
const longestUnitChars = 8_000;
const mostSigns = 1_500;
const mostSpaces = 300;

const tooDeep = /^(?:[ \t]*(?:>|[-*+]|\d{1,9}[.)])(?=[ \t>]|$)){13}/mu;
const longGap = new RegExp(`[ \\t]{${String(mostSpaces)}}`, "u");
const fenceLine = /^[ \t]*(?:`{3,}|~{3,})/u;
const goesOn = /^(?:[ \t]|[-*+>|]|\d{1,9}[.)])/u;

interface Unit {
  readonly text: string;
  /** A block of code is no work to read, however long it is. */
  readonly isCode: boolean;
}

interface Cutter {
  readonly units: Unit[];
  open: string[];
  isCode: boolean;
  inFence: boolean;
}

const closeUnit = (cutter: Cutter): void => {
  const { units, open, isCode } = cutter;
  if (open.length > 0) units.push({ text: open.join("\n"), isCode });
  cutter.open = [];
  cutter.isCode = false;
};

const takeText = (cutter: Cutter, line: string): void => {
  const afterGap = cutter.open.at(-1)?.trim() === "";
  if (!cutter.inFence && afterGap && !goesOn.test(line)) closeUnit(cutter);
  cutter.open.push(line);
};

const takeFence = (cutter: Cutter, line: string): void => {
  if (!cutter.inFence && !/^\s/u.test(line)) closeUnit(cutter);
  if (cutter.open.length === 0) cutter.isCode = true;
  cutter.inFence = !cutter.inFence;
  cutter.open.push(line);
  if (!cutter.inFence && cutter.isCode) closeUnit(cutter);
};

/** Pieces that can be read one by one: cut at empty lines outside code, where what follows belongs to no list, quote or table. */
const unitsOf = (text: string): readonly Unit[] => {
  const cutter: Cutter = { units: [], open: [], isCode: false, inFence: false };
  for (const line of text.split("\n")) (fenceLine.test(line) ? takeFence : takeText)(cutter, line);
  closeUnit(cutter);
  return cutter.units;
};

/** Markdown whose reading could take long: its signs are shown as they were written. */
const isHard = ({ text, isCode }: Unit): boolean =>
  !isCode &&
  (text.length > longestUnitChars ||
    tooDeep.test(text) ||
    longGap.test(text) ||
    (text.length > 200 && (text.match(/[*_[\]<`~$\\!]/gu)?.length ?? 0) > mostSigns));

interface Read {
  readonly blocks: readonly Block[];
  readonly sentenceAfter: number | null;
}

const readUnit = (unit: Unit, sentence: number | null): Read => {
  const plain: Read = {
    blocks: [{ kind: "plain", text: withoutMarks(unit.text) }],
    sentenceAfter: null,
  };
  if (isHard(unit)) return plain;
  try {
    const place = { sentence };
    const blocks = blocksOf(lexMarkdown(unit.text), place, 0);
    return { blocks, sentenceAfter: place.sentence };
  } catch {
    return plain;
  }
};

/** Cut before the last empty line within the bound, so that what is left over is whole. */
const boundedEnd = (text: string): number => {
  if (text.length <= longestChars) return text.length;
  const cut = text.lastIndexOf("\n\n", longestChars);
  return cut > longestChars / 2 ? cut : longestChars;
};

/**
 * Reads a text that grows. Parts that it has read before come back as the same objects, so that each new piece of a stream
 * costs as much as the part that it ends. Long or deeply nested text is not read as markdown but shown as it stands.
 */
export const createMarkdownReader = (): ((text: string) => readonly Block[]) => {
  let known = new Map<string, Read>();
  return (text) => {
    const end = boundedEnd(text);
    const now = new Map<string, Read>();
    let sentence = null as number | null;
    const blocks: Block[] = [];
    for (const unit of unitsOf(text.slice(0, end))) {
      const key = `${String(sentence)} ${unit.text}`;
      const read: Read = known.get(key) ?? now.get(key) ?? readUnit(unit, sentence);
      now.set(key, read);
      sentence = read.sentenceAfter;
      blocks.push(...read.blocks);
    }
    known = now;
    if (end < text.length) blocks.push({ kind: "plain", text: withoutMarks(text.slice(end)) });
    return blocks;
  };
};

export const parseMarkdown = (text: string): readonly Block[] => createMarkdownReader()(text);
