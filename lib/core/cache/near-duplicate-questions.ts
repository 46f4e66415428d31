/** Words of a question as numbers, each once, ascending: enough to compare two questions, and little to keep. */
export type WordMarks = Uint32Array;

const word = /[\p{L}\p{M}]+|\p{N}+/gu;

/** A number for a text, Fowler, Noll and Vo's FNV-1a in 32 bits: two texts may share one. */
export const markOf = (text: string): number => {
  let mark = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1)
    mark = Math.imul(mark ^ text.charCodeAt(at), 0x01000193);
  return mark >>> 0;
};

/** @param exactText of the question (`exactText`) */
export const wordMarks = (exactText: string): WordMarks =>
  Uint32Array.from([...new Set(exactText.match(word))].map(markOf)).sort();

// "What is the warranty of pump 300" and "… of pump 301": .75. "What is a pump" and "what is a seal": .6.
const leastShared = 0.65;

/**
 * Whether two questions share so many of their words that only a guard tells them apart (Jaccard 1912). Wordings that share fewer never
 * get each other's answer by form or words, so whoever tries the cache out has to ask such ones.
 */
export function areNearDuplicates(one: WordMarks, other: WordMarks): boolean {
  const shared = sharedMarks(one, other);
  return shared > 0 && shared / (one.length + other.length - shared) >= leastShared;
}

function sharedMarks(one: WordMarks, other: WordMarks): number {
  let shared = 0;
  for (let at = 0, there = 0; at < one.length && there < other.length;) {
    const difference = (one[at] ?? 0) - (other[there] ?? 0);
    if (difference === 0) shared += 1;
    if (difference <= 0) at += 1;
    if (difference >= 0) there += 1;
  }
  return shared;
}
