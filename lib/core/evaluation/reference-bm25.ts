import { contentStems } from "../chat/words.ts";

const [k1, b] = [1.2, 0.75];

/**
 * A plain full BM25 over whole documents, every document scored, with its own words (light stems, no stop words): the measure
 * that the product's lexical leg is held against. It shares no line with it.
 */
export function createReferenceBm25(
  documents: readonly { readonly id: string; readonly text: string }[],
): (question: string, count: number) => readonly string[] {
  const lengths: number[] = [];
  const postings = new Map<string, { readonly document: number; times: number }[]>();
  documents.forEach(({ text }, document) => {
    const words = contentStems(text);
    lengths.push(words.length);
    for (const word of words) {
      const list = postings.get(word) ?? [];
      postings.set(word, list);
      const last = list.at(-1);
      if (last?.document === document) last.times += 1;
      else list.push({ document, times: 1 });
    }
  });
  const average = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
  return (question, count) => {
    const scores = new Map<number, number>();
    for (const word of contentStems(question)) {
      const list = postings.get(word) ?? [];
      const rarity = Math.log(1 + (documents.length - list.length + 0.5) / (list.length + 0.5));
      for (const { document, times } of list) {
        const length = (lengths[document] ?? 0) / average;
        const gain = (rarity * times * (k1 + 1)) / (times + k1 * (1 - b + b * length));
        scores.set(document, (scores.get(document) ?? 0) + gain);
      }
    }
    return [...scores]
      .toSorted((one, other) => other[1] - one[1] || one[0] - other[0])
      .slice(0, count)
      .map(([document]) => documents[document]?.id ?? "");
  };
}
