import { contentStems, wordsOf } from "../chat/words.ts";
import { splitSentences } from "./sentences.ts";

// What they qualify is not simply so.
const hedges = new Set(
  "whether if may might could perhaps possibly probably likely unlikely allegedly alleged reportedly supposedly apparently seems seemed appears appeared suspected claims claimed claim unless usually generally typically sometimes mostly partly almost nearly hardly rumoured rumored believed thought".split(
    " ",
  ),
);

// Whoever is quoted says it, and not the document.
const reports = new Set(
  "according noted notes said says stated states argued argues argue suggested suggests wrote writes asserted asserts contends contended believes believe insists insisted estimates predicted".split(
    " ",
  ),
);

/** Does the text doubt, make depend on something, or leave to somebody else, what the line says without? */
export function dropsDoubt(line: string, text: string): boolean {
  const own = new Set(wordsOf(line));
  return wordsOf(text).some((word) => (hedges.has(word) || reports.has(word)) && !own.has(word));
}

/** Between two words that the line puts side by side, in content words of the text; further apart they belong to different things. */
const farthestWords = 6;

/**
 * How a sentence's words stand in the place of a passage that holds most of them: one sentence of it, two in a row, or one that begins
 * with a pronoun and what it may point at.
 */
export interface Arrangement {
  /** That place. */
  readonly place: string;
  /** How often neighbours in the sentence stand far apart there. */
  readonly jumps: number;
  /** It says a word more often than the place does. */
  readonly repeats: boolean;
}

// Further than this is far, however much further.
const mostDistance = 12;

/** `null` for a passage without sentences. */
export function arrangementIn(sentence: string, passage: string): Arrangement | null {
  const own = contentStems(sentence);
  const sentences = splitSentences(passage).map(({ start, end }) => passage.slice(start, end));
  const arranged = placesIn(sentences).map((place) => {
    const there = contentStems(place);
    return { place, there, share: shareOf(own, there), ...pathThrough(own, there) };
  });
  const best = arranged.toSorted(
    (one, other) =>
      other.share - one.share ||
      one.distance - other.distance ||
      one.place.length - other.place.length,
  )[0];
  if (best === undefined) return null;
  return { place: best.place, jumps: best.jumps, repeats: saysMoreOften(own, best.there) };
}

const pointing = /^\W*(?:it|they|he|she|this|these|its|their|his|her|the latter|both)\b/i;
const farthestAntecedent = 3;

function placesIn(sentences: readonly string[]): readonly string[] {
  return sentences.flatMap((text, at) => {
    const before = pointing.test(text)
      ? [sentences[0], ...sentences.slice(Math.max(1, at - farthestAntecedent), at)]
      : sentences.slice(Math.max(0, at - 1), at);
    return [text, ...before.slice(0, at).map((other) => `${other ?? ""} ${text}`)];
  });
}

function shareOf(own: readonly string[], there: readonly string[]): number {
  const wanted = new Set(own);
  const holds = new Set(there);
  return [...wanted].filter((stem) => holds.has(stem)).length / Math.max(1, wanted.size);
}

const countOf = (stems: readonly string[], stem: string): number =>
  stems.filter((each) => each === stem).length;

const saysMoreOften = (own: readonly string[], there: readonly string[]): boolean =>
  own.some((stem) => there.includes(stem) && countOf(own, stem) > countOf(there, stem));

interface Path {
  readonly jumps: number;
  readonly distance: number;
}

/** The shortest way from word to word, over all places that a repeated word may mean. */
function pathThrough(own: readonly string[], there: readonly string[]): Path {
  let states: readonly (Path & { readonly at: number })[] = [];
  for (const stem of own) {
    const before = states;
    const places = there.flatMap((each, at) => (each === stem ? [at] : []));
    if (places.length === 0) continue;
    states = places.map((at) => {
      const ways = before.map((last) => {
        const gap = Math.abs(at - last.at);
        const jumps = last.jumps + (gap > farthestWords ? 1 : 0);
        return { at, jumps, distance: last.distance + Math.min(mostDistance, gap) };
      });
      return shortest(ways) ?? { at, jumps: 0, distance: 0 };
    });
  }
  return shortest(states) ?? { jumps: 0, distance: 0 };
}

const shortest = <T extends Path>(ways: readonly T[]): T | undefined =>
  ways.toSorted((one, other) => one.distance - other.distance)[0];
