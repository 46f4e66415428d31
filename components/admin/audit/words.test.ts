import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { areas, sayDetail } from "./words.ts";

/** `area.verb` wherever the server writes a row. */
const written = /action: ["`]([a-z-]+)\./g;

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (/(?<!\.test)\.ts$/.test(entry.name))
      yield readFileSync(join(entry.parentPath, entry.name), "utf8");
}

describe("the filter of the audit log", () => {
  it("offers every area that rows are written in", () => {
    const found = new Set<string>();
    for (const folder of ["app/api", "lib/services"])
      for (const text of sources(folder))
        for (const [, area] of text.matchAll(written)) if (area !== undefined) found.add(area);
    const offered = areas.map(([area]) => area);
    expect([...found].filter((area) => !offered.includes(area))).toEqual([]);
    expect(offered.filter((area) => !found.has(area))).toEqual([]);
  });
});

describe("a detail", () => {
  it("is read without JSON where it is plain", () => {
    expect(sayDetail({ suspended: true, role: "admin", groupIds: ["a"], email: null })).toBe(
      'suspended: true, role: admin, groupIds: ["a"], email: null',
    );
  });
});
