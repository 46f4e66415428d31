import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeEmbeddedImage } from "#lib/adapters/database/embedded-control.ts";
import { startEmbeddedDatabase } from "#testing/services/test-database.ts";

const images = process.env["TEST_LONG"] === "1" ? 60 : 2;
const patiently = { timeout: 20_000, interval: 5 };
let folder: string;
let url: string;
let stop: () => Promise<void>;
let pool: pg.Pool;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "drover-image-"));
  const database = await startEmbeddedDatabase(join(folder, "data"));
  ({ url } = database);
  stop = database.program.stop;
  pool = new pg.Pool({ connectionString: url, max: 3 });
  await pool.query(`
    CREATE TABLE moved (step int PRIMARY KEY, amount int NOT NULL);
    CREATE TABLE accounts (id int PRIMARY KEY, balance int NOT NULL, padding text NOT NULL);
    CREATE TABLE passages (id bigserial PRIMARY KEY, step int NOT NULL, words tsvector, place vector(3));
    CREATE INDEX ON passages USING gin (words);
    INSERT INTO accounts SELECT g, 100, repeat(md5(g::text), 20) FROM generate_series(1, 5000) g`);
});
afterAll(async () => {
  await pool.end();
  await stop();
  await rm(folder, { recursive: true, force: true });
});

/** One transaction changes every table; some make, drop, shorten and rebuild relations. */
async function step(number: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("INSERT INTO moved VALUES ($1, $1)", [number]);
    await client.query("UPDATE accounts SET balance = balance - $1 WHERE id = $2", [
      number,
      1 + ((number * 7919) % 5000),
    ]);
    await client.query(
      `INSERT INTO passages (step, words, place)
       SELECT $1, to_tsvector('english', md5(g::text) || ' word' || g), ARRAY[g, $1, 1]::vector FROM generate_series(1, 20) g`,
      [number],
    );
    await client.query("DELETE FROM passages WHERE step = $1", [number - 200]);
    if (number % 20 === 0)
      await client.query(`CREATE TABLE extra_${number} AS SELECT * FROM moved`);
    if (number % 20 === 10 && number > 30) await client.query(`DROP TABLE extra_${number - 30}`);
    await client.query("COMMIT");
  } finally {
    client.release();
  }
  if (number % 90 === 0) await pool.query("VACUUM passages");
  if (number % 110 === 0) await pool.query("REINDEX TABLE passages");
}

/** What holds after every transaction and at no time within one. */
async function look(
  dataDir: string,
): Promise<{ readonly steps: number; readonly faults: unknown[] }> {
  const copy = await startEmbeddedDatabase(dataDir);
  const client = new pg.Client({ connectionString: copy.url });
  await client.connect();
  const { rows } = await client.query<{
    steps: number;
    sums: boolean;
    rows: boolean;
    words: boolean;
  }>(`
    SELECT (SELECT max(step) FROM moved) AS steps,
      (SELECT sum(amount) FROM moved) + (SELECT sum(balance) FROM accounts) = 500000 AS sums,
      (SELECT count(*) FROM passages) = 20 * (SELECT count(*) FROM moved WHERE step > (SELECT max(step) - 200 FROM moved)) AS rows,
      (SELECT count(*) FROM passages WHERE words @@ 'word7') * 20 = (SELECT count(*) FROM passages) AS words`);
  await client.query("REINDEX TABLE passages; REINDEX TABLE accounts"); // reads every page: each has its checksum
  await client.end();
  await copy.program.stop();
  const [found] = rows;
  if (found === undefined) throw new Error("nothing was counted");
  return {
    steps: found.steps,
    faults: Object.entries(found).filter(([, value]) => value === false),
  };
}

describe("a copy of the running database", () => {
  it(
    `opens whole, with all that was committed before it was asked for, ${String(images)} times under writes`,
    async () => {
      let done = 0;
      const stopping = new AbortController();
      const writer = (async () => {
        while (!stopping.signal.aborted) await step((done += 1));
      })();
      try {
        for (let image = 0; image < images; image += 1) {
          const dataDir = join(folder, `image-${String(image)}`);
          await mkdir(dataDir);
          const before = done - 1;
          await writeEmbeddedImage(url, join(dataDir, "database"));
          const after = done;
          expect(after).toBeGreaterThan(before + 1); // it was written to meanwhile, else this shows nothing
          const { steps, faults } = await look(dataDir);
          expect(faults).toEqual([]);
          expect(steps).toBeGreaterThanOrEqual(before);
          expect(steps).toBeLessThanOrEqual(after);
          await rm(dataDir, { recursive: true });
        }
      } finally {
        stopping.abort();
        await writer;
      }
    },
    images * 60_000,
  );

  it("leaves nothing behind when its database is killed while it is made", async () => {
    const dataDir = join(folder, "killed");
    const database = await startEmbeddedDatabase(dataDir);
    const target = join(folder, "cut", "database");
    await mkdir(join(folder, "cut"));
    const copying = writeEmbeddedImage(database.url, target).catch((error: unknown) => error);
    const left = () => readdir(join(folder, "cut"));
    await expect.poll(left, patiently).toEqual(["database.partial"]);
    await database.program.kill();
    expect(await copying).toBeInstanceOf(Error);
    await expect.poll(left, patiently).not.toContain("database.partial");
  }, 60_000);
});
