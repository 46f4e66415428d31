import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createDocumentParser } from "#lib/adapters/parsers/document-parser.ts";
import type { Figure } from "../figures.ts";

const demoFolder = "assets/demo";
const pagesWanted = 1000;
const goalSeconds = 60;
const never = new AbortController().signal;

/** The demo PDFs again and again until a thousand pages are read, two readers side by side as on two cores. */
export async function benchParsing(): Promise<readonly Figure[]> {
  const parser = createDocumentParser({ projectRoot: resolve(".") });
  const names = (await readdir(demoFolder)).filter((name) => name.endsWith(".pdf"));
  let pages = 0;
  let next = 0;
  const read = async (): Promise<void> => {
    while (pages < pagesWanted) {
      const fileName = names[next++ % names.length] ?? "";
      const file = { path: resolve(join(demoFolder, fileName)), fileName };
      const document = await parser.parse(file, () => undefined, never);
      pages += document.pages.length; // not `pages += await`, which forgets what the other reader added meanwhile
    }
  };
  const beganAt = performance.now();
  await Promise.all([read(), read()]);
  const seconds = (performance.now() - beganAt) / 1000;
  return [
    {
      part: "parsing",
      name: "1,000 PDF pages read",
      value: (seconds / pages) * pagesWanted,
      unit: "s",
      goal: goalSeconds,
      better: "lower",
      against: `${pages} pages of ${names.length} PDFs, each in a child of its own, two at a time`,
    },
  ];
}
