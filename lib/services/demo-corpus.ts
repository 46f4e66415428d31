import type { Actor } from "../core/access/actor.ts";
import { AppError } from "../core/errors/app-error.ts";
import type { CollectionStore, CollectionSummary } from "../ports/collection-store.ts";
import type { DemoAssets } from "../ports/demo-assets.ts";
import type { UploadDocument } from "./upload-document.ts";

export interface DemoCorpusDeps {
  readonly collections: CollectionStore;
  readonly assets: DemoAssets;
  readonly upload: UploadDocument;
}

export interface DemoCorpus {
  status(
    actor: Actor,
  ): Promise<{ readonly installed: boolean; readonly collectionId: string | null }>;
  /** Does again only what is missing, so that an interrupted call can simply be repeated. */
  install(actor: Actor): Promise<{ readonly collectionId: string }>;
  remove(actor: Actor): Promise<void>;
}

const demoCollection = {
  name: "Demo documents",
  description: "Public documents to try Drover with. Removing the collection removes them all.",
  language: "english",
  visibility: "everyone",
  isDemo: true,
} as const;

const uploadSignal = (): AbortSignal => new AbortController().signal;

/** The documents that come with Drover, as a collection like any other. */
export function createDemoCorpus(deps: DemoCorpusDeps): DemoCorpus {
  const find = async (actor: Actor): Promise<CollectionSummary | undefined> =>
    (await deps.collections.list(actor)).find((collection) => collection.isDemo);

  const installOnce = async (actor: Actor): Promise<{ readonly collectionId: string }> => {
    const collection =
      (await find(actor)) ?? (await deps.collections.create(actor, demoCollection));
    for (const file of await deps.assets.files()) {
      await deps.upload(
        actor,
        { collectionId: collection.id, fileName: file.fileName, content: file.content() },
        uploadSignal(),
      );
    }
    return { collectionId: collection.id };
  };

  // Two clicks are one installation.
  const installing = new Map<string, Promise<{ readonly collectionId: string }>>();

  const requireAdmin = (actor: Actor): void => {
    if (actor.role !== "admin") throw new AppError("forbidden", {});
  };

  return {
    status: async (actor) => {
      const collection = await find(actor);
      return { installed: collection !== undefined, collectionId: collection?.id ?? null };
    },
    install: async (actor) => {
      requireAdmin(actor);
      const running = installing.get(actor.workspaceId);
      if (running !== undefined) return await running;
      const started = installOnce(actor).finally(() => installing.delete(actor.workspaceId));
      installing.set(actor.workspaceId, started);
      return await started;
    },
    remove: async (actor) => {
      requireAdmin(actor);
      const collection = await find(actor);
      if (collection !== undefined) await deps.collections.remove(actor, collection.id);
    },
  };
}
