import type { TextRange } from "./document-blocks.ts";

export const mostPlaces = 500;

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Places of the words in the text, whatever their case and the white space between them; at most 500. */
export const findPlaces = (text: string, wanted: string): readonly TextRange[] => {
  const words = wanted
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return [];
  const pattern = new RegExp(words.map(escaped).join("\\s+"), "giu");
  const places: TextRange[] = [];
  for (const found of text.matchAll(pattern)) {
    places.push({ start: found.index, end: found.index + found[0].length });
    if (places.length === mostPlaces) break;
  }
  return places;
};
