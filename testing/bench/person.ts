import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readFrames } from "#components/api/event-frames.ts";
import type { CacheReport } from "#components/api/cache-shapes.ts";
import type { ChatEvent } from "#lib/core/chat/events.ts";
import type { DocumentSummary } from "#lib/ports/document-store.ts";
import type { Product } from "./product.ts";

export const account = { email: "bench@example.org", password: "long enough for a bench" };

/** When each event of an answer arrived, ms after the question was sent. */
export interface TimedEvent {
  readonly atMs: number;
  readonly event: ChatEvent;
}

/** Somebody at a browser: the same calls that the pages make. */
export interface Person {
  readonly collectionId: string;
  readonly userId: string;
  readonly workspaceId: string;
  upload(fileName: string, content: Uint8Array<ArrayBuffer>): Promise<string>;
  /** Waits until the document can be found. Throws when reading it failed. */
  untilReady(documentId: string): Promise<DocumentSummary>;
  /** Asks and stops at once: what was made is the person's own. */
  ownIds(question: string): Promise<{ readonly conversation: string; readonly answer: string }>;
  /** Changes settings as an admin; `null` = default. In force within 2 s. */
  change(changes: Readonly<Record<string, unknown>>): Promise<void>;
  /** Nobody else may use the collection from now on. */
  closeCollection(): Promise<void>;
  /** What the cache has done today. */
  cacheReport(): Promise<CacheReport>;
  /** Asks in a new conversation. Once `until` holds the answer is stopped, as a person would. */
  ask(question: string, until?: (event: ChatEvent) => boolean): Promise<readonly TimedEvent[]>;
}

const pollMs = 100;

interface Session {
  readonly user: { readonly id: string };
  readonly workspace: { readonly id: string };
}

/** Sets the product up, or signs in when that was done before. */
export async function signIn(product: Product): Promise<Person> {
  let cookie = "";
  const call = async (method: string, path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { origin: product.origin, cookie, ...(init.headers as Record<string, string>) };
    const response = await fetch(product.origin + path, { ...init, method, headers });
    const set = response.headers.getSetCookie();
    if (set.length > 0) cookie = set.map((value) => value.split(";")[0] ?? "").join("; ");
    if (!response.ok)
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const send = async <T>(method: string, path: string, body: unknown): Promise<T> => {
    const headers = { "content-type": "application/json" };
    const response = await call(method, path, { headers, body: JSON.stringify(body) });
    return (await response.json()) as T;
  };
  const get = async <T>(path: string): Promise<T> => (await (await call("GET", path)).json()) as T;

  const stop = async (answerId: string): Promise<void> => {
    const headers = { "content-type": "application/json" };
    await call("POST", `/api/answers/${answerId}/stop`, { headers, body: "{}" });
  };

  const { open } = await get<{ open: boolean }>("/api/setup");
  const token = open ? await setUpToken(product) : "";
  const { user, workspace } = open
    ? await send<Session>("POST", "/api/setup", {
        ...account,
        token,
        name: "Bench",
        workspaceName: "Bench",
      })
    : await send<Session>("POST", "/api/session", account);
  const { collections } = await get<{ collections: { id: string }[] }>("/api/collections");
  const collectionId = collections[0]?.id ?? "";

  return {
    collectionId,
    userId: user.id,
    workspaceId: workspace.id,
    async upload(fileName, content) {
      const query = new URLSearchParams({ collectionId, fileName });
      const headers = { "content-type": "application/octet-stream" };
      const response = await call("POST", `/api/documents?${query}`, { headers, body: content });
      return ((await response.json()) as { document: { id: string } }).document.id;
    },
    async untilReady(documentId) {
      for (;;) {
        const { document } = await get<{ document: DocumentSummary }>(
          `/api/documents/${documentId}`,
        );
        if (document.status === "ready") return document;
        if (document.status === "failed") throw new Error(document.failure?.reason ?? "failed");
        await new Promise((resolve) => setTimeout(resolve, pollMs));
      }
    },
    async ownIds(question) {
      const body = { question, collectionIds: [] };
      const { conversation, answerId } = await send<{
        readonly conversation: { readonly id: string };
        readonly answerId: string;
      }>("POST", "/api/conversations", body);
      await stop(answerId);
      return { conversation: conversation.id, answer: answerId };
    },
    async change(changes) {
      await send("PATCH", "/api/settings", { changes });
    },
    async closeCollection() {
      await send("PUT", `/api/collections/${collectionId}/rights`, { grants: [] });
    },
    cacheReport: () => get<CacheReport>("/api/cache?days=1"),
    async ask(question, until) {
      const askedAt = performance.now();
      const response = await call("POST", "/api/conversations", {
        headers: { "content-type": "application/json", accept: "text/event-stream" },
        body: JSON.stringify({ question, collectionIds: [] }),
      });
      if (response.body === null) throw new Error("no events came");
      const frames = readFrames(response.body);
      const started = JSON.parse((await frames.next())?.data ?? "{}") as { answerId: string };
      const events: TimedEvent[] = [];
      for (
        let frame = await frames.next();
        frame?.event === "message";
        frame = await frames.next()
      ) {
        const event = JSON.parse(frame.data) as ChatEvent;
        events.push({ atMs: performance.now() - askedAt, event });
        if (until?.(event) === true) await stop(started.answerId);
      }
      frames.cancel();
      return events;
    },
  };
}

async function setUpToken(product: Product): Promise<string> {
  const link = await readFile(join(product.dataDir, "setup-link"), "utf8");
  return link.trim().split("token=")[1] ?? "";
}
