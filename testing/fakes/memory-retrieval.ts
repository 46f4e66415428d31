import { contentStems } from "#lib/core/chat/words.ts";
import { cosineOf } from "#lib/core/rag/cosine.ts";
import type { LocalModels } from "#lib/local-models.ts";
import type { RankedChunk } from "#lib/ports/chunk-search.ts";
import type { RetrieveChunks } from "#lib/services/retrieve-chunks.ts";

/** Retrieval over a handful of texts, one document each, by shared words and by vectors of these models. */
export function createMemoryRetrieval(
  models: LocalModels,
  documents: readonly { readonly title: string; readonly text: string }[],
): RetrieveChunks {
  return async (_actor, query, call) => {
    const text = `${query.previousQuestion ?? ""} ${query.text}`.trim();
    const wanted = new Set(contentStems(text));
    const { vectors } = await models.embed([text, ...documents.map((each) => each.text)], call);
    const [own = [], ...others] = vectors;
    const chunks = documents.map((document, index): RankedChunk => {
      const stems = contentStems(`${document.title} ${document.text}`);
      const shared = new Set(stems.filter((stem) => wanted.has(stem))).size;
      const cosine = cosineOf(own, others[index] ?? []);
      return {
        chunkId: `chunk-${String(index)}`,
        documentId: `document-${String(index)}`,
        versionId: `version-${String(index)}`,
        documentTitle: document.title,
        collectionId: "collection",
        collectionName: "Collection",
        ordinal: 0,
        headingPath: [],
        page: null,
        charStart: 0,
        charEnd: document.text.length,
        text: document.text,
        contentHash: "",
        publishedAt: new Date(0),
        flags: [],
        before: null,
        after: null,
        lexicalScore: shared,
        cosine,
        score: 0.2 * (shared / Math.max(wanted.size, 1)) + 0.8 * ((1 + cosine) / 2),
      };
    });
    const ranked = chunks.sort((one, other) => other.score - one.score).slice(0, query.limit);
    return { chunks: ranked, vector: own, lexicalOnly: false, ranking: [], terms: [] };
  };
}
