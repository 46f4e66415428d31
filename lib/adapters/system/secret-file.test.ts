import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readSecretFile } from "./secret-file.ts";

describe("readSecretFile", () => {
  let dir = "";
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "drover-secret-"));
  });
  afterEach(async () => {
    await rm(dir, { recursive: true });
  });

  it("makes one secret that only its owner may read and gives it back ever after", async () => {
    const path = join(dir, "deep", "secret");
    const first = await readSecretFile(path);
    expect(first.length).toBeGreaterThanOrEqual(32);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readSecretFile(path)).toBe(first);
  });

  it("gives every process that starts at once the same secret", async () => {
    const path = join(dir, "secret");
    const secrets = await Promise.all(Array.from({ length: 20 }, () => readSecretFile(path)));
    expect(new Set(secrets).size).toBe(1);
    expect((await readFile(path, "utf8")).trim()).toBe(secrets[0]);
  });

  it("refuses a secret that is too short to sign with", async () => {
    const path = join(dir, "secret");
    await writeFile(path, "short\n");
    await expect(readSecretFile(path)).rejects.toMatchObject({ code: "config_invalid" });
  });
});
