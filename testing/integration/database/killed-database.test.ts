import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { expect, it } from "vitest";
import { fillDataFolder, startEmbeddedDatabase } from "#testing/services/test-database.ts";

const kills = process.env["TEST_LONG"] === "1" ? 200 : 20;
const writers = 3;

async function client(url: string): Promise<pg.Client> {
  const made = new pg.Client({ connectionString: url });
  made.on("error", () => undefined);
  await made.connect();
  return made;
}

/** Inserts as fast as it can until the database dies; answers what was acknowledged. */
async function writeUntilDeath(url: string, round: number, writer: number): Promise<string[]> {
  const acknowledged: string[] = [];
  const connection = await client(url);
  for (let index = 0; ; index += 1) {
    const id = `${String(round)}-${String(writer)}-${String(index)}`;
    try {
      await connection.query("INSERT INTO written VALUES ($1, $2::vector)", [id, "[1,2,3]"]);
    } catch {
      return acknowledged;
    }
    acknowledged.push(id);
  }
}

it(
  `keeps every acknowledged row over ${String(kills)} kills in the middle of writing`,
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "drover-kill-"));
    await fillDataFolder(dataDir);
    const acknowledged: string[] = [];
    for (let round = 0; round < kills; round += 1) {
      const { program, url } = await startEmbeddedDatabase(dataDir);
      const admin = await client(url);
      if (round === 0) {
        await admin.query("CREATE TABLE written (id text PRIMARY KEY, embedding vector(3))");
        await admin.query("CREATE INDEX ON written USING hnsw (embedding vector_l2_ops)");
      }
      const { rows } = await admin.query<{ id: string }>("SELECT id FROM written");
      const found = new Set(rows.map(({ id }) => id));
      expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);

      const writing = Array.from({ length: writers }, (_, writer) =>
        writeUntilDeath(url, round, writer),
      );
      // Dies after a different amount of work each time: when so many rows are there.
      const target = found.size + 5 + ((round * 37) % 40);
      for (let seen = 0; seen < target;) {
        const { rows: counted } = await admin.query<{ n: number }>(
          "SELECT count(*)::int AS n FROM written",
        );
        seen = counted[0]?.n ?? 0;
      }
      await program.kill();
      acknowledged.push(...(await Promise.all(writing)).flat());
    }
    expect(acknowledged.length).toBeGreaterThan(kills * 5);
    await rm(dataDir, { recursive: true, force: true });
  },
  kills * 15_000,
);
