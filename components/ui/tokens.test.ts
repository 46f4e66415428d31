import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const sheets = globSync("{app,components}/**/*.css", { cwd: root }).filter(
  (path) => !path.endsWith("tokens.css"),
);
const read = (path: string): string => readFileSync(root + path, "utf8");
const tokens = read("components/ui/tokens.css");

it("every colour of the interface stands in the one file of tokens", () => {
  expect(sheets.length).toBeGreaterThan(40);
  const own = sheets.flatMap((path) =>
    [...read(path).matchAll(/#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|lab)a?\(/giu)].map(
      ([colour]) => `${path}: ${colour}`,
    ),
  );
  expect(own).toEqual([]);
});

it("every token that is used is there, or set beside its use", () => {
  const missing = sheets.flatMap((path) => {
    const sheet = read(path);
    return [...sheet.matchAll(/var\((--[\w-]+)/gu)]
      .map(([, name]) => name ?? "")
      .filter((name) => !tokens.includes(`${name}:`) && !sheet.includes(`${name}:`))
      .map((name) => `${path}: ${name}`);
  });
  expect(missing).toEqual([]);
});
