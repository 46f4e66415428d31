import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readNdjson } from "./ndjson.ts";

const fault = (reason: string): Error => new Error(reason);

async function* pieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (const size of [...sizes, bytes.length]) {
    if (start >= bytes.length) return;
    yield bytes.subarray(start, start + size);
    start += size;
  }
}

async function readAll(text: string, sizes: readonly number[] = []): Promise<unknown[]> {
  const values: unknown[] = [];
  const bytes = new TextEncoder().encode(text);
  for await (const value of readNdjson(pieces(bytes, sizes), fault)) values.push(value);
  return values;
}

describe("readNdjson", () => {
  it("gives the same values however the bytes are cut, inside characters too", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ text: fc.string({ unit: "grapheme" }) }), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 60 }),
        async (values, sizes) => {
          const text = values.map((value) => `${JSON.stringify(value)}\n`).join("");
          expect(await readAll(text, sizes)).toEqual(values);
        },
      ),
    );
  });

  it("skips empty lines and takes a last line without its end mark", async () => {
    expect(await readAll('\n{"a":1}\r\n\n{"b":2}')).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it("refuses what is not JSON and a line over 1 MB, even before it ends", async () => {
    await expect(readAll("<html>\n")).rejects.toThrow("not-json");
    await expect(readAll(`"${"x".repeat(1_100_000)}`, [600_000])).rejects.toThrow("line-too-long");
  });
});
