import { hasOtherScript } from "../chat/other-scripts.ts";

const endsAsSentence = /[.!?…。！？؟۔।॥:;,，：]["'”’»)\]]*$/u;
const marked = /^#{1,6}\s/;
const longestChars = 90;
const mostWords = 12;

// Written small in titles.
const smallWords = new Set(
  "a an the and or nor but of in on at to for from by with as into per via vs is are".split(" "),
);

/**
 * Does a text that stands on its own read like the title of a part: short, without an end mark, every word that counts
 * capitalised? Text with numbers is none: "Budget 2026: 3 million" says something. Languages without capitals have no such titles.
 */
export function isTitleLine(text: string): boolean {
  if (marked.test(text)) return !text.includes("\n");
  if (text.length > longestChars || endsAsSentence.test(text)) return false;
  if (/[\d|\n]/.test(text)) return false;
  const words = text.match(/\p{L}[\p{L}\p{M}'’-]*/gu) ?? [];
  const counting = words.filter((word) => !smallWords.has(word.toLowerCase()));
  if (counting.length < 2 || words.length > mostWords) return false;
  return counting.every((word) => /^\p{Lu}/u.test(word));
}

const longestBareChars = 30;
const blankLine = /^[^\S\n]*\n\s*\n/u;

/**
 * In scripts that know no capitals, or use them seldom: is the first line of a passage a title, short, without an end mark and with
 * an empty line after it?
 * @param following what stands after it
 */
export const opensAsTitle = (text: string, following: string): boolean =>
  text.length <= longestBareChars &&
  hasOtherScript(text) &&
  !endsAsSentence.test(text) &&
  !/\p{N}/u.test(text) &&
  blankLine.test(following);
