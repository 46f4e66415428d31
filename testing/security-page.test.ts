import { existsSync, globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Rows of the one table: threat, defence, check. */
const rows = readFileSync(`${root}docs/security.md`, "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) => line.split(/(?<!\\)\|/u).map((cell) => cell.trim()))
  .filter(([, threat]) => threat !== "Threat" && !/^-+$/u.test(threat ?? ""));

const pathsIn = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/gu)]
    .map(([, path]) => path ?? "")
    .filter((path) => path.includes("/"));

const holds = (path: string): boolean =>
  path.includes("*") ? globSync(path, { cwd: root }).length > 0 : existsSync(root + path);

it("every threat of docs/security.md names a check, and every check that it names is there", () => {
  expect(rows.length).toBeGreaterThan(30);
  const faults = rows.flatMap(([, threat = "", defence = "", check = ""]) => {
    const paths = pathsIn(check);
    const missing = paths.filter((path) => !holds(path));
    return [
      ...(defence === "" ? [`${threat}: no defence`] : []),
      ...(paths.some((path) => /\.(?:test|spec)\.ts$|^testing\/e2e$/u.test(path))
        ? []
        : [`${threat}: no check`]),
      ...missing.map((path) => `${threat}: ${path} is not there`),
    ];
  });
  expect(faults).toEqual([]);
});
