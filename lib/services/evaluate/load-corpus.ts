import { chunkContext, chunkDocument } from "../../core/rag/chunking.ts";
import { cleanText, nothingRemoved } from "../../core/rag/clean-text.ts";
import { searchLanguageOf } from "../../core/rag/language.ts";
import { searchText } from "../../core/rag/search-terms.ts";
import type { Actor } from "../../core/access/actor.ts";
import type { LocalModels, ModelCall } from "../../local-models.ts";
import type { CorpusLoader } from "../../ports/corpus-loader.ts";
import type { CorpusEntry } from "./retrieval-data.ts";

export interface LoadedCorpus {
  readonly actor: Actor;
  readonly collectionId: string;
  /** The data's own id by the id of the stored document. */
  readonly names: ReadonlyMap<string, string>;
  readonly chunkCount: number;
}

const documentsPerBatch = 40;

/**
 * Texts become published documents as uploads do: cleaned, cut, put in context, embedded, counted; only the file around them is
 * left out.
 */
export async function loadCorpus(
  deps: { readonly loader: CorpusLoader; readonly models: Pick<LocalModels, "embed"> },
  corpus: readonly CorpusEntry[],
  call: () => ModelCall,
  onProgress: (line: string) => void,
): Promise<LoadedCorpus> {
  const { collectionId, workspaceId, userId } = await deps.loader.open();
  const names = new Map<string, string>();
  let chunkCount = 0;
  for (let from = 0; from < corpus.length; from += documentsPerBatch) {
    const entries = corpus
      .slice(from, from + documentsPerBatch)
      .map(({ id, title, text }) => ({ id, title: cleaned(title), text: cleaned(text) }))
      .map((entry) => ({ ...entry, chunks: cutOf(entry.text) }))
      .filter(({ chunks }) => chunks.length > 0);
    if (entries.length === 0) continue;
    const contexts = entries.map(({ title, chunks }) =>
      chunks.map((chunk) => chunkContext(title, chunk)),
    );
    const { vectors, space } = await deps.models.embed(contexts.flat(), call());
    let next = 0;
    const documents = entries.map((entry, place) => ({
      fileName: entry.id,
      title: entry.title,
      text: entry.text,
      language: searchLanguageOf(entry.text),
      chunks: entry.chunks.map((chunk, index) => ({
        ...chunk,
        searchText: searchText(contexts[place]?.[index] ?? chunk.text),
        vector: vectors[next++] ?? [],
      })),
    }));
    const ids = await deps.loader.add(collectionId, documents, space);
    ids.forEach((id, place) => names.set(id, entries[place]?.id ?? ""));
    chunkCount += next;
    onProgress(`${String(Math.min(from + documentsPerBatch, corpus.length))} documents stored`);
  }
  await deps.loader.finish(collectionId);
  return { actor: { userId, workspaceId, role: "admin" }, collectionId, names, chunkCount };
}

const cleaned = (text: string): string => cleanText(text, nothingRemoved());

const cutOf = (text: string) => chunkDocument({ text, pages: [], blocks: [] });
