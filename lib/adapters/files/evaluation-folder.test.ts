import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEvaluationFolder } from "./evaluation-folder.ts";

describe("the folders in an evaluation folder", () => {
  let root = "";
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "drover-evaluation-folder-"));
    await mkdir(join(root, "own", "set-b"), { recursive: true });
    await mkdir(join(root, "own", "set-a"));
    await mkdir(join(root, "elsewhere"));
    await symlink(join(root, "elsewhere"), join(root, "own", "linked"), "dir");
    await writeFile(join(root, "own", "notes.jsonl"), "1\n");
    await writeFile(join(root, "own", "set-b", "corpus.jsonl"), "2\n\n3\n");
  });
  afterAll(() => rm(root, { recursive: true }));

  it("are found by name, linked ones too, and read like any other", async () => {
    const folders = await createEvaluationFolder(join(root, "own")).folders();
    expect([...folders.keys()]).toEqual(["linked", "set-a", "set-b"]);
    const lines: string[] = [];
    for await (const line of folders.get("set-b")?.lines("corpus.jsonl") ?? []) lines.push(line);
    expect(lines).toEqual(["2", "3"]);
    expect(await folders.get("set-a")?.has("corpus.jsonl")).toBe(false);
  });

  it("are none where a file was named, or where there is nothing", async () => {
    expect((await createEvaluationFolder(join(root, "own", "notes.jsonl")).folders()).size).toBe(0);
    expect((await createEvaluationFolder(join(root, "none")).folders()).size).toBe(0);
  });
});
