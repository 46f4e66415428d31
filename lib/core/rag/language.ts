/** The text-search configurations of every Postgres since 14, PGlite included: what a collection's language may be. */
export const searchLanguages = [
  ...["simple", "arabic", "armenian", "basque", "catalan", "danish", "dutch", "english"],
  ...["finnish", "french", "german", "greek", "hindi", "hungarian", "indonesian", "irish"],
  ...["italian", "lithuanian", "nepali", "norwegian", "portuguese", "romanian", "russian"],
  ...["serbian", "spanish", "swedish", "tamil", "turkish", "yiddish"],
] as const;

/** Short words that nearly every text of a language holds, named by Postgres's text-search configuration. */
const commonWords: Readonly<Record<string, string>> = {
  english: "the of and to in is that for it with as was on are by this be from or have",
  german: "der die und das von den mit ist des auf für im nicht ein eine als auch es an dem",
  french: "le la les des et est en que une du dans qui pour par sur au pas avec ce il",
  spanish: "de la que el en los se del las por un para con no una su al lo como más",
  italian: "di che la il un per non una è con del si da come le dei nel alla sono anche",
  portuguese: "de que não uma com para os no se na por mais as dos como mas foi ao ele das",
  dutch: "de het een van en in dat op te zijn met voor niet aan er om ook als dan bij",
  swedish: "och att det som en på är av för med den till inte har de ett om var jag från",
  russian: "и в не на что с по как из это к он но все она так его за был от",
};

const vocabularies = Object.entries(commonWords).map(
  ([language, words]) => [language, new Set(words.split(" "))] as const,
);

const sampleLength = 20_000;

/** Language of a text as a Postgres text-search configuration; `simple` when none of the known ones is likely. */
export function detectLanguage(text: string): string {
  const words =
    text
      .slice(0, sampleLength)
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  let best = { language: "simple", share: 0.08 };
  for (const [language, vocabulary] of vocabularies) {
    const share = words.filter((word) => vocabulary.has(word)).length / Math.max(1, words.length);
    if (share > best.share) best = { language, share };
  }
  return best.language;
}
