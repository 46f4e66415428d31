import { afterAll, beforeAll, expect, it } from "vitest";
import { type DocumentLine, startDocumentLine } from "./document-line.ts";

let line: DocumentLine;

beforeAll(async () => {
  line = await startDocumentLine();
}, 60_000);
afterAll(() => line.close());

const rows = async <T extends object>(query: string, values: readonly unknown[]): Promise<T[]> =>
  (await line.connection.pool.query<T>(query, [...values])).rows;

/** A document of two versions; answers whether its first one is still there, before and after what `between` does. */
async function replaced(name: string, between: (versionId: string) => Promise<void>) {
  const fileName = `${name}.txt`;
  const collectionId = await line.newCollection();
  const { document } = await line.upload(collectionId, fileName, `The ${name} opens at nine.`);
  await line.workOff();
  const { versionId } = await line.documents.text(line.admin, document.id);
  await between(versionId);
  await line.replace(document.id, fileName, `The ${name} opens at ten.`);
  await line.workOff();
  await line.workOff();
  return { documentId: document.id, versionId };
}

async function answer(versionId: string): Promise<string> {
  const [conversation] = await rows<{ id: string }>(
    "INSERT INTO conversations (workspace_id, user_id, title, collection_ids) VALUES ($1, $2, '?', '{}') RETURNING id",
    [line.admin.workspaceId, line.admin.userId],
  );
  await rows(
    "INSERT INTO answers (conversation_id, turn, question, outcome, owner, snapshot) VALUES ($1, 0, '?', 'complete', 'o', $2)",
    [conversation?.id, JSON.stringify({ sources: [{ number: 1, versionId, text: "x" }] })],
  );
  return conversation?.id ?? "";
}

it("keeps the text of a replaced version for as long as an answer cites it, and nothing that could be found", async () => {
  let conversationId = "";
  const { documentId, versionId } = await replaced("office", async (cited) => {
    conversationId = await answer(cited);
  });
  const old = await line.documents.text(line.admin, documentId, versionId);
  expect([old.isCurrent, old.text]).toEqual([false, expect.stringContaining("nine")]);
  expect((await line.documents.text(line.admin, documentId)).isCurrent).toBe(true);
  expect(await rows("SELECT 1 FROM chunks WHERE version_id = $1", [versionId])).toEqual([]);
  expect(await rows("SELECT 1 FROM version_terms WHERE version_id = $1", [versionId])).toEqual([]);
  await rows("DELETE FROM conversations WHERE id = $1", [conversationId]);
  await line.workOff();
  await expect(line.documents.text(line.admin, documentId, versionId)).rejects.toMatchObject({
    code: "not_found",
  });
});

it("lets a replaced version go that no answer cites, and every version of a deleted document", async () => {
  const first = await replaced("shop", () => Promise.resolve());
  expect(await rows("SELECT 1 FROM document_versions WHERE id = $1", [first.versionId])).toEqual(
    [],
  );
  const second = await replaced("bank", async (cited) => {
    await answer(cited);
  });
  await line.documents.remove(line.admin, second.documentId);
  await line.workOff();
  expect(
    await rows("SELECT 1 FROM document_versions WHERE document_id = $1", [second.documentId]),
  ).toEqual([]);
});
