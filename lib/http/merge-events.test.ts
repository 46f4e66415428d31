import { describe, expect, it } from "vitest";
import { mergeEvents } from "./merge-events.ts";

async function all<T>(values: AsyncGenerator<T, void>): Promise<readonly T[]> {
  const got: T[] = [];
  for await (const value of values) got.push(value);
  return got;
}

async function* counted(name: string, count: number, asked: string[] = []) {
  for (let index = 1; index <= count; index += 1) {
    asked.push(`${name}${String(index)}`);
    yield await Promise.resolve(`${name}${String(index)}`);
  }
}

describe("mergeEvents", () => {
  it("gives every value of every source once, each source's in its order", async () => {
    const got = await all(mergeEvents([counted("a", 3), counted("b", 2)]));
    expect([...got].sort()).toEqual(["a1", "a2", "a3", "b1", "b2"]);
    expect(got.filter((value) => value.startsWith("a"))).toEqual(["a1", "a2", "a3"]);
    expect(await all(mergeEvents([]))).toEqual([]);
  });

  it("does not wait for a quiet source", async () => {
    const quiet = (async function* () {
      await new Promise(() => undefined);
      yield "never";
    })();
    const merged = mergeEvents([quiet, counted("b", 2)]);
    expect((await merged.next()).value).toBe("b1");
    expect((await merged.next()).value).toBe("b2");
  });

  it("asks a source for no more than the one value after those that were taken", async () => {
    const asked: string[] = [];
    const merged = mergeEvents([counted("a", 9, asked)]);
    await merged.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toEqual(["a1", "a2"]);
  });

  it("ends its sources when the reader leaves, and when one of them fails", async () => {
    let ended = 0;
    const endless = async function* () {
      try {
        for (;;) yield await Promise.resolve("x");
      } finally {
        ended += 1;
      }
    };
    for await (const value of mergeEvents([endless(), endless()])) {
      expect(value).toBe("x");
      break;
    }
    await expect.poll(() => ended).toBe(2);
    const failing = (async function* () {
      yield await Promise.reject<string>(new Error("cut"));
    })();
    await expect(all(mergeEvents([failing, endless()]))).rejects.toThrow("cut");
    await expect.poll(() => ended).toBe(3);
  });
});
