import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildIfChanged } from "./build.ts";

const never = new AbortController().signal;

describe("a build that fails", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "drover-build-"));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  /** A stand-in for Next that says so and gives up. */
  const nextSays = async (words: string): Promise<void> => {
    const program = join(root, "node_modules/next/dist/bin/next");
    await mkdir(dirname(program), { recursive: true });
    await writeFile(program, `console.log(${JSON.stringify(words)});process.exitCode = 1;`);
  };

  it("says what ended it, however much Next warns of afterwards", async () => {
    const fault = "lib/config.ts(1,1): error TS6133: 'x' is declared but its value is never read.";
    const warnings = "Import traces:\n  ./app/admin/layout.tsx\n".repeat(500);
    await nextSays(`Running TypeScript ...\n${fault}\n\n${warnings}`);
    await expect(buildIfChanged(root, never)).rejects.toThrow(
      `The app could not be built: ${fault}`,
    );
    await nextSays(`write failed: ENOSPC\n${warnings}`);
    await expect(buildIfChanged(root, never)).rejects.toThrow("The disk is full. Free about 1 GB");
  });
});
