import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { chunks } from "#drizzle/schema/documents.ts";
import { openDatabase } from "#lib/adapters/database/connection.ts";
import type { DocumentSummary } from "#lib/ports/document-store.ts";
import { inventedText, seededRandom } from "../corpus.ts";
import type { Figure } from "../figures.ts";
import { signIn, type Person } from "../person.ts";
import { newDataDir, removeDataDir, startProduct, type Product } from "../product.ts";

const demoFolder = "assets/demo";
const chunksOfText = 200;
const batchSize = 5;
const leastShare = 0.8;

/** Pages and chunks a second from upload to searchable, and the nodes' own embedding speed on the same chunks. */
export async function benchIngestion(): Promise<readonly Figure[]> {
  const dataDir = await newDataDir();
  try {
    const product = await startProduct(dataDir);
    try {
      const person = await signIn(product);
      const pages = await ingestPdfs(person);
      const text = new TextEncoder().encode(inventedText(seededRandom(3), chunksOfText));
      const { document, seconds } = await ingest(person, "invented.txt", text);
      const drover = document.chunkCount / seconds;
      const bare = await bareEmbedding(product, document.id);
      const figure = (name: string, value: number, unit: string, goal: number | null): Figure => ({
        ...{ part: "ingestion", name, value, unit, goal, better: "higher" },
        against: "two embedded nodes, the same chunks in batches of 5",
      });
      return [
        figure("pages of the demo PDFs", pages, "pages/s", null),
        figure("chunks of a long text", drover, "chunks/s", null),
        figure("bare embedding of the same chunks", bare, "chunks/s", null),
        figure("ingestion ÷ bare embedding", drover / bare, "×", leastShare),
      ];
    } finally {
      await product.stop();
    }
  } finally {
    await removeDataDir(dataDir);
  }
}

async function ingest(
  person: Person,
  name: string,
  content: Uint8Array<ArrayBuffer>,
): Promise<{ readonly document: DocumentSummary; readonly seconds: number }> {
  const beganAt = performance.now();
  const document = await person.untilReady(await person.upload(name, content));
  return { document, seconds: (performance.now() - beganAt) / 1000 };
}

async function ingestPdfs(person: Person): Promise<number> {
  const names = (await readdir(demoFolder)).filter((name) => name.endsWith(".pdf"));
  let pages = 0;
  let seconds = 0;
  for (const name of names) {
    const done = await ingest(person, name, new Uint8Array(await readFile(join(demoFolder, name))));
    pages += done.document.pageCount ?? 0;
    seconds += done.seconds;
  }
  return pages / seconds;
}

/** Every node takes batch after batch, one at a time: what the nodes give when nobody stands between. */
async function bareEmbedding(product: Product, documentId: string): Promise<number> {
  const connection = await openDatabase({ url: product.databaseUrl, maxConnections: 1 });
  const rows = await connection.db.select().from(chunks).where(eq(chunks.documentId, documentId));
  await connection.close();
  const texts = rows.map((row) => row.text);
  const ports = (await product.parts()).flatMap(({ name, port }) =>
    name.startsWith("node-") && port !== null ? [port] : [],
  );
  let next = 0;
  const work = async (port: number): Promise<void> => {
    while (next < texts.length) {
      const input = texts.slice(next, (next += batchSize));
      const response = await fetch(`http://127.0.0.1:${port}/api/embed`, {
        method: "POST",
        body: JSON.stringify({ model: "all-minilm", input }),
      });
      if (!response.ok) throw new Error(await response.text());
      await response.arrayBuffer();
    }
  };
  const beganAt = performance.now();
  await Promise.all(ports.map(work));
  return texts.length / ((performance.now() - beganAt) / 1000);
}
