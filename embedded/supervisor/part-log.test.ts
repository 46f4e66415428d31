import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openLog } from "./part-log.ts";

it("keeps a log within its size while the part runs, and the one before it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "drover-log-"));
  try {
    const path = join(folder, "logs/app.log");
    const log = openLog(path, 1000);
    for (let line = 0; line < 100; line += 1)
      log.write(Buffer.from(`${String(line).padStart(99, "0")}\n`));
    log.end();
    const read = async () => {
      const [now, before] = await Promise.all(
        [path, `${path}.1`].map((each) => readFile(each, "utf8")),
      );
      return { now: now ?? "", before: before ?? "" };
    };
    await expect.poll(async () => (await read()).now).toMatch(/^0+99\n$/);
    await expect.poll(async () => (await read()).before.length).toBe(1100);
    expect((await read()).before).toMatch(/0098\n$/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
