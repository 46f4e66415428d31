import { PGlite } from "@electric-sql/pglite";
import { expect, it } from "vitest";
import { tidy } from "./housekeeping.ts";

it("vacuums and analyses what has many dead rows, and leaves the rest alone", async () => {
  const engine = await PGlite.create();
  await engine.exec(`
    CREATE TABLE busy (id int PRIMARY KEY, value int);
    CREATE TABLE quiet (id int);
    INSERT INTO busy SELECT g, 0 FROM generate_series(1, 1000) g;
    INSERT INTO quiet VALUES (1);
    UPDATE busy SET value = 1; UPDATE busy SET value = 2;`);
  let turns = 0;
  const exclusively = async (work: () => Promise<void>): Promise<void> => {
    turns += 1;
    await work();
  };
  const statistics = async (): Promise<unknown> =>
    (
      await engine.query(
        `SELECT relname, n_dead_tup::int AS dead, vacuum_count::int AS vacuums FROM pg_stat_user_tables ORDER BY relname`,
      )
    ).rows;
  await tidy(engine, { exclusively });
  expect(await statistics()).toEqual([
    { relname: "busy", dead: 0, vacuums: 1 },
    { relname: "quiet", dead: 0, vacuums: 0 },
  ]);
  expect(turns).toBe(2);
  await tidy(engine, { exclusively });
  expect(turns).toBe(3);
  await engine.close();
});
