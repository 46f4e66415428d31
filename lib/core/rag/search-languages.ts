/**
 * The text-search configurations of every Postgres that Drover runs on (15 and later): what a document's language may be.
 * Postgres 18, and with it the embedded database, also knows Estonian. Documents stemmed with it could not move to a Postgres of
 * 15 to 17, so it waits until 18 is the oldest.
 */
export const searchLanguages = [
  ...["simple", "arabic", "armenian", "basque", "catalan", "danish", "dutch", "english"],
  ...["finnish", "french", "german", "greek", "hindi", "hungarian", "indonesian", "irish"],
  ...["italian", "lithuanian", "nepali", "norwegian", "portuguese", "romanian", "russian"],
  ...["serbian", "spanish", "swedish", "tamil", "turkish", "yiddish"],
] as const;

/** What a collection's language may be: one for all its documents, or each document's own. */
export const collectionLanguages = ["auto", ...searchLanguages] as const;
