/** The text-search configurations of every Postgres since 14, PGlite included: what a document's language may be. */
export const searchLanguages = [
  ...["simple", "arabic", "armenian", "basque", "catalan", "danish", "dutch", "english"],
  ...["finnish", "french", "german", "greek", "hindi", "hungarian", "indonesian", "irish"],
  ...["italian", "lithuanian", "nepali", "norwegian", "portuguese", "romanian", "russian"],
  ...["serbian", "spanish", "swedish", "tamil", "turkish", "yiddish"],
] as const;

/** What a collection's language may be: one for all its documents, or each document's own. */
export const collectionLanguages = ["auto", ...searchLanguages] as const;
