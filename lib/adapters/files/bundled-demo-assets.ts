import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DemoAssets, DemoQuestion } from "../../ports/demo-assets.ts";

const documentName = /\.(?:pdf|docx|md|txt|html)$/;
const notDocuments = new Set(["SOURCES.md"]);

/** The folder `assets/demo` of the repository. */
export function createBundledDemoAssets(deps: { readonly folder: string }): DemoAssets {
  const { folder } = deps;
  return {
    files: async () =>
      (await readdir(folder))
        .filter((name) => documentName.test(name) && !notDocuments.has(name))
        .sort()
        .map((fileName) => ({
          fileName,
          content: () => createReadStream(join(folder, fileName)),
        })),
    questions: async () =>
      JSON.parse(await readFile(join(folder, "questions.json"), "utf8")) as DemoQuestion[],
  };
}
