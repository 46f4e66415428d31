import { afterAll, beforeAll, describe, expect, it } from "vitest";
import fc from "fast-check";
import type { CacheTier } from "#lib/ports/cache-tier.ts";

export interface TierUnderTest {
  readonly tier: CacheTier;
  /** Lets `ms` pass for the tier. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

const never = new AbortController().signal;
const hourMs = 3_600_000;
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const plain = (values: readonly (Uint8Array | null)[]) =>
  values.map((value) => (value === null ? null : [...value]));

/** What every cache tier promises, whatever it keeps its values in. */
export function cacheTierContract(
  name: string,
  start: () => Promise<TierUnderTest>,
  options: { readonly skip?: boolean } = {},
): void {
  describe.skipIf(options.skip === true)(`the cache tier ${name}`, () => {
    let under: TierUnderTest;
    let made = 0;
    const fresh = (count: number): string[] =>
      Array.from({ length: count }, () => `key:${String((made += 1))}`);
    const put = (key: string, value: Uint8Array, keepMs = hourMs) =>
      under.tier.write([{ key, value, keepMs }], never);
    const get = async (...keys: readonly string[]) => plain(await under.tier.read(keys, never));

    beforeAll(async () => {
      under = await start();
    });
    afterAll(() => under.close());

    it("gives back what was written, in the order of the keys, and nothing for the others", async () => {
      const [one = "", two = "", gone = ""] = fresh(3);
      await put(one, bytesOf("one"));
      await put(two, bytesOf("two"));
      expect(await get(two, gone, one, two)).toEqual([
        [...bytesOf("two")],
        null,
        [...bytesOf("one")],
        [...bytesOf("two")],
      ]);
      expect(await get()).toEqual([]);
      await under.tier.write([], never);
    });

    it("gives back any bytes under any key", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.string({ minLength: 1, maxLength: 200 }).filter((key) => !key.includes("\0")),
          fc.uint8Array({ maxLength: 3000 }),
          async (key, value) => {
            await put(key, value);
            expect(await get(key)).toEqual([[...value]]);
          },
        ),
        { numRuns: 40 },
      );
    });

    it("replaces a value, and of two in one call keeps the last", async () => {
      const [key = "", other = ""] = fresh(2);
      await put(key, bytesOf("old"));
      await put(key, bytesOf("new"));
      const twice = ["first", "last"].map((text) => ({
        ...{ key: other, value: bytesOf(text), keepMs: hourMs },
      }));
      await under.tier.write(twice, never);
      expect(await get(key, other)).toEqual([[...bytesOf("new")], [...bytesOf("last")]]);
    });

    it("forgets what is removed, and takes a removal of nothing", async () => {
      const [key = "", kept = "", gone = ""] = fresh(3);
      await put(key, bytesOf("a"));
      await put(kept, bytesOf("b"));
      await under.tier.remove([key, gone], never);
      await under.tier.remove([], never);
      expect(await get(key, kept)).toEqual([null, [...bytesOf("b")]]);
    });

    it("gives nothing back after its time, and anew once it is written again", async () => {
      const [short = "", long = ""] = fresh(2);
      await put(short, bytesOf("a"), 500);
      await put(long, bytesOf("b"), hourMs);
      await under.pass(600);
      expect(await get(short, long)).toEqual([null, [...bytesOf("b")]]);
      await put(short, bytesOf("c"));
      expect(await get(short)).toEqual([[...bytesOf("c")]]);
    });

    it("leaves out a value that is too large, and what it would replace is gone", async () => {
      const [key = "", small = ""] = fresh(2);
      await put(key, bytesOf("a"));
      await under.tier.write(
        [
          { key, value: new Uint8Array(1_000_001), keepMs: hourMs },
          { key: small, value: bytesOf("b"), keepMs: hourMs },
        ],
        never,
      );
      expect(await get(key, small)).toEqual([null, [...bytesOf("b")]]);
    });

    it("answers many calls at once, each with its own", async () => {
      const keys = fresh(40);
      await Promise.all(keys.map((key) => put(key, bytesOf(key))));
      const answers = await Promise.all(keys.map((key) => get(key)));
      expect(answers).toEqual(keys.map((key) => [[...bytesOf(key)]]));
    });
  });
}
