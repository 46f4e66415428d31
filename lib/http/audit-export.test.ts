import { describe, expect, it } from "vitest";
import type { AuditRow } from "../ports/audit-log.ts";
import { auditFile, csvField } from "./audit-export.ts";

const row: AuditRow = {
  id: 7,
  at: new Date("2026-01-02T03:04:05Z"),
  actorId: "u",
  actorName: 'Ada "the first" <ada@example.org>',
  action: "setting.change",
  target: "=cmd|' /C calc'!A0",
  targetName: "-2+3",
  address: null,
  detail: { from: 1, to: 2 },
};

async function* rows(count: number): AsyncGenerator<AuditRow> {
  for (let index = 0; index < count; index += 1) yield await Promise.resolve(row);
}

const whole = async (count: number, format: "csv" | "json"): Promise<string> => {
  let text = "";
  for await (const piece of auditFile(rows(count), format)) text += piece;
  return text;
};

describe("csvField", () => {
  it.each([
    ["plain", "plain"],
    ["a,b", '"a,b"'],
    ['a"b', '"a""b"'],
    ["two\r\nlines", '"two\r\nlines"'],
    ["=1+1", "'=1+1"],
    ["+49", "'+49"],
    ["@x", "'@x"],
  ])("writes %j as %j", (text, field) => {
    expect(csvField(text)).toBe(field);
  });
});

describe("auditFile", () => {
  it("is one line a row in CSV, and nothing that a spreadsheet would run", async () => {
    const lines = (await whole(2, "csv")).trimEnd().split("\r\n");
    expect(lines).toHaveLength(3);
    expect(lines[1]).toBe(
      `7,2026-01-02T03:04:05.000Z,u,"Ada ""the first"" <ada@example.org>",setting.change,'=cmd|' /C calc'!A0,'-2+3,,"{""from"":1,""to"":2}"`,
    );
  });

  it("is one JSON list, also of nothing", async () => {
    expect(JSON.parse(await whole(0, "json"))).toEqual([]);
    expect(JSON.parse(await whole(3, "json"))).toHaveLength(3);
  });
});
