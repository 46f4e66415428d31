import { attachToDatabase } from "../../embedded/supervisor/attach.ts";
import { embeddingSpaces } from "#drizzle/schema/documents.ts";
import { openDatabase } from "#lib/adapters/database/connection.ts";
import { parseConfig } from "#lib/config.ts";
import { buildCorpus } from "./corpus.ts";
import { signIn } from "./person.ts";
import { startProduct } from "./product.ts";

/**
 * The workspace, and one vector so that the embedding space of this node is known.
 *
 * @returns the document's id
 */
export async function beginWithOneDocument(dataDir: string): Promise<string> {
  const product = await startProduct(dataDir);
  const person = await signIn(product);
  const text = new TextEncoder().encode("A short text about nothing in particular, read once.");
  const documentId = await person.upload("first.txt", text);
  await person.untilReady(documentId);
  await product.stop();
  return documentId;
}

/** While the product is stopped, so that its own workers leave the invented documents alone. */
export async function fillTo(dataDir: string, chunks: number, filled: number): Promise<void> {
  const attached = await attachToDatabase(parseConfig({ DROVER_DATA_DIR: dataDir }));
  const connection = await openDatabase({ url: attached.url, maxConnections: 2 });
  try {
    const [space] = await connection.db.select().from(embeddingSpaces).limit(1);
    const collection = await connection.db.query.collections.findFirst();
    const user = await connection.db.query.users.findFirst();
    if (space === undefined || collection === undefined || user === undefined)
      throw new Error("the product was not set up");
    const actor = { userId: user.id, workspaceId: user.workspaceId, role: "admin" as const };
    await buildCorpus({
      connection,
      actor,
      space,
      collectionId: collection.id,
      chunkCount: chunks - filled,
      seed: chunks,
    });
  } finally {
    await connection.close();
    await attached.release();
  }
}
