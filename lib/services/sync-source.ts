import type { Actor } from "../core/access/actor.ts";
import { isAppError } from "../core/errors/app-error.ts";
import type { DocumentStore } from "../ports/document-store.ts";
import type { SourceItem, SourceReader } from "../ports/source-reader.ts";
import type {
  DueSource,
  SourceDocument,
  SourceKind,
  SourceStore,
  SyncedSource,
} from "../ports/source-store.ts";
import { emptiedFolders, isBelow } from "./emptied-folders.ts";
import type { ReplaceDocument, UploadDocument } from "./upload-document.ts";

export interface SyncSourceDeps {
  readonly store: Pick<SourceStore, "documents" | "setVanished" | "finish">;
  readonly readers: Readonly<Record<SourceKind, SourceReader>>;
  readonly upload: UploadDocument;
  readonly replace: ReplaceDocument;
  readonly documents: Pick<DocumentStore, "remove">;
}

/** What a run did, for the page and the audit log. */
export interface SyncOutcome {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly gone: number;
  readonly skipped: number;
  readonly text: string;
  readonly failed: boolean;
}

type Counts = Record<"added" | "changed" | "unchanged" | "gone" | "skipped", number>;

const fatal = ["disk_full", "quota_exceeded", "not_found", "forbidden", "database_unavailable"];

/** The words that people read for a failure. */
const wordsFor = (error: unknown): string => {
  if (!isAppError(error)) return "It could not be read.";
  return isAppError(error, "source_refused") && error.details.reason !== undefined
    ? error.details.reason
    : error.message;
};

function wordsOf(counts: Counts, firstSkipped: string | null, kept: boolean): string {
  const gone = kept ? "gone and kept" : "removed";
  const parts = [
    [counts.added, "new"],
    [counts.changed, "changed"],
    [counts.gone, gone],
    [counts.unchanged, "unchanged"],
  ] as const;
  const said = parts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${String(count)} ${what}`);
  const skipped =
    counts.skipped === 0 ? "" : ` ${String(counts.skipped)} left out: ${firstSkipped ?? ""}`;
  return `${said.length === 0 ? "Nothing there" : said.join(", ")}.${skipped}`;
}

async function take(
  deps: SyncSourceDeps,
  { source, actor }: DueSource,
  item: SourceItem,
  known: SourceDocument | undefined,
  signal: AbortSignal,
): Promise<"added" | "changed" | "unchanged"> {
  if (known?.isVanished === true) await deps.store.setVanished(known.id, false);
  if (known?.contentHash === item.sha256) return "unchanged";
  const { fileName, path } = item;
  const content = await item.open();
  if (known !== undefined) {
    await deps.replace(actor, known.id, { fileName, content }, signal);
    return "changed";
  }
  const from = { sourceId: source.id, path };
  const { collectionId } = source;
  const { duplicate } = await deps.upload(
    actor,
    { collectionId, fileName, content, source: from },
    signal,
  );
  return duplicate ? "unchanged" : "added";
}

async function clear(
  deps: SyncSourceDeps,
  actor: Actor,
  gone: readonly SourceDocument[],
  onVanished: "keep" | "remove",
): Promise<void> {
  for (const { id, isVanished } of gone) {
    if (onVanished === "remove") await deps.documents.remove(actor, id);
    else if (!isVanished) await deps.store.setVanished(id, true);
  }
}

const emptiedIn = (
  { readers }: SyncSourceDeps,
  { kind, location }: SyncedSource,
  gone: readonly SourceDocument[],
  seen: ReadonlySet<string>,
): Promise<readonly string[]> => {
  const paths = gone.map(({ path }) => path);
  const has = async (path: string) => (await readers[kind].hasFolder?.(location, path)) ?? false;
  return emptiedFolders(paths, seen, has);
};

const heldWords = (folder: string, documents: number): string =>
  `The folder ${folder} is empty now, as it is when a disk is not there, so ${String(documents)} documents were not removed. Bring its files back, or remove the empty folder too.`;

/**
 * Brings a collection in step with one source: new content is added, changed content becomes a new version, equal content is left
 * alone. What is gone is only then taken for gone when the source itself said what it has.
 */
export function createSyncSource(deps: SyncSourceDeps) {
  const { store } = deps;

  const run = async (due: DueSource, signal: AbortSignal): Promise<SyncOutcome> => {
    const { source, actor } = due;
    const known = new Map((await store.documents(source.id)).map((one) => [one.path, one]));
    const seen = new Set<string>();
    const counts: Counts = { added: 0, changed: 0, unchanged: 0, gone: 0, skipped: 0 };
    let firstSkipped: string | null = null;
    for await (const item of deps.readers[source.kind].items(source.location, signal)) {
      signal.throwIfAborted();
      seen.add(item.path);
      try {
        counts[await take(deps, due, item, known.get(item.path), signal)] += 1;
      } catch (error) {
        if (!isAppError(error) || fatal.includes(error.code)) throw error;
        counts.skipped += 1;
        firstSkipped ??= `${item.fileName}: ${wordsFor(error)}`;
      }
    }
    const gone = [...known.values()].filter(({ path }) => !seen.has(path));
    if (source.kind === "folder" && seen.size === 0 && gone.length > 0) {
      const text = "The folder is empty, as it is when a disk is not there. Nothing was removed.";
      return { ...counts, text, failed: true };
    }
    const emptied = source.onVanished === "remove" ? await emptiedIn(deps, source, gone, seen) : [];
    const cleared = gone.filter(({ path }) => !emptied.some((folder) => isBelow(path, folder)));
    await clear(deps, actor, cleared, source.onVanished);
    counts.gone = cleared.length;
    const text = wordsOf(counts, firstSkipped, source.onVanished === "keep");
    const [first] = emptied;
    if (first === undefined) return { ...counts, text, failed: false };
    const held = gone.length - cleared.length;
    return { ...counts, text: `${heldWords(first, held)} ${text}`, failed: true };
  };

  return async (due: DueSource, signal: AbortSignal): Promise<SyncOutcome> => {
    const outcome = await run(due, signal).catch((error: unknown) => {
      const none = { added: 0, changed: 0, unchanged: 0, gone: 0, skipped: 0 };
      return { ...none, text: wordsFor(error), failed: true };
    });
    await store.finish(due.source.id, outcome);
    return outcome;
  };
}
