import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly link?: boolean;
}

const read = async <T>(path: string): Promise<T> =>
  JSON.parse(await readFile(`${root}${path}`, "utf8")) as T;

const lockOf = async (folder: string): Promise<readonly (readonly [string, Locked])[]> => {
  const { packages } = await read<{ packages: Record<string, Locked> }>(
    `${folder}package-lock.json`,
  );
  return Object.entries(packages).filter(([path, { link }]) => path !== "" && link !== true);
};

const nameOf = (path: string): string => path.split("node_modules/").at(-1) ?? path;

/** Versions below these have holes that were found and mended (docs/security.md, "Dependencies"). */
const floors: Readonly<Record<string, string>> = {
  next: "16.3.3",
  mammoth: "1.12.3",
  "better-auth": "1.7.7",
};

const isBelow = (version: string, floor: string): boolean => {
  const [have, least] = [version, floor].map((text) => text.split(".").map(Number));
  for (const [index, part] of (least ?? []).entries()) {
    const own = have?.[index] ?? 0;
    if (own !== part) return own < part;
  }
  return false;
};

/** Licences that a product may carry on; a new one is looked at before it is added. */
const licences =
  /\b(MIT|MIT-0|ISC|0BSD|BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|Unlicense|CC0-1\.0|BlueOak-1\.0\.0|Python-2\.0|CC-BY-4\.0|MPL-2\.0|LGPL-3\.0-or-later|WTFPL|PostgreSQL|Zlib|OFL-1\.1)\b/;

describe.each(["", "embedded/node/"])("the packages of %s", (folder) => {
  it("are named exactly", async () => {
    const named = await read<Record<string, Record<string, string>>>(`${folder}package.json`);
    const loose = Object.entries({ ...named["dependencies"], ...named["devDependencies"] }).filter(
      ([, version]) => !/^(\d+\.\d+\.\d+(-[\w.]+)?|file:.+)$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  it("are locked by content, from no host that the lock file names", async () => {
    for (const [path, { integrity, resolved }] of await lockOf(folder)) {
      if (/(^|\/)stub$/.test(path) || resolved?.startsWith("file:") === true) continue;
      expect([path, integrity]).toEqual([path, expect.stringMatching(/^sha512-/)]);
      expect([path, resolved ?? ""]).toEqual([path, ""]);
    }
  });

  it("run no program at installation unless that was decided", async () => {
    const { allowScripts = {} } = await read<{ allowScripts?: Record<string, boolean> }>(
      `${folder}package.json`,
    );
    const undecided = (await lockOf(folder))
      .filter(([, { hasInstallScript }]) => hasInstallScript === true)
      .map(([path]) => nameOf(path))
      .filter((name) => !(name in allowScripts));
    expect(undecided).toEqual([]);
  });

  it("carry licences that were looked at, and none with a known hole", async () => {
    for (const [path, { license, version = "0.0.0" }] of await lockOf(folder)) {
      if (license !== undefined)
        expect([path, license]).toEqual([path, expect.stringMatching(licences)]);
      const floor = floors[nameOf(path)];
      if (floor !== undefined)
        expect([path, version, isBelow(version, floor)]).toEqual([path, version, false]);
    }
  });
});
