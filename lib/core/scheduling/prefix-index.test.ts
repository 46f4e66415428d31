import { describe, expect, it } from "vitest";
import { prefixChain } from "./prefix-chain.ts";
import { createPrefixIndex } from "./prefix-index.ts";

const system = { role: "system", content: "Answer from the passages. ".repeat(40) };
const user = (content: string) => ({ role: "user", content });
const talk = user("first question ".repeat(80));

describe("prefix chains", () => {
  it("continue with the conversation, and part where it differs", () => {
    const one = prefixChain([system, talk], 600).hashes;
    const longer = prefixChain([system, talk, user("second ".repeat(90))], 800).hashes;
    expect(one.length).toBeGreaterThanOrEqual(2);
    expect(longer.slice(0, one.length)).toEqual(one);
    expect(prefixChain([system, user("other question ".repeat(80))], 600).hashes[0]).not.toBe(
      one[0],
    );
  });

  it("differ from the block on in which a single character differs, wherever it stands", () => {
    // "user " and this are blocks of 512 characters; the fourth is not whole.
    const content = "abcdefghij".repeat(180);
    const { hashes } = prefixChain([system, user(content)], 600);
    expect(hashes).toHaveLength(3);
    expect(new Set(hashes).size).toBe(3);
    const equal = (index: number): number => {
      const changed = content.slice(0, index) + "X" + content.slice(index + 1);
      const other = prefixChain([system, user(changed)], 600).hashes;
      const first = other.findIndex((hash, block) => hash !== hashes[block]);
      return first === -1 ? other.length : first;
    };
    const before = "user ".length;
    expect([0, 511 - before, 512 - before, 1023 - before, 1024 - before].map(equal)).toEqual([
      ...[0, 0, 1, 1, 2],
    ]);
    expect([1535 - before, 1536 - before, 1799].map(equal)).toEqual([2, 3, 3]);
    const others = prefixChain([{ ...system, content: "Else. " }, user(content)], 600).hashes;
    expect(others.some((hash) => hashes.includes(hash))).toBe(false);
  });

  it("tell thousands of beginnings apart", () => {
    const filler = "x".repeat(510);
    const firsts = Array.from({ length: 5000 }, (_, index) =>
      prefixChain([user(`${String(index)} ${filler}`)], 100).hashes.join(),
    );
    expect(new Set(firsts).size).toBe(5000);
  });

  it("have 64 blocks at most, each with its share of the prompt's tokens", () => {
    const long = prefixChain([user("x".repeat(512 * 70))], 7000);
    expect(long.hashes).toHaveLength(64);
    expect(long.tokensPerBlock).toBeCloseTo((7000 * 512) / (512 * 70 + "user ".length), 9);
    // The system text has its tokens too.
    const both = prefixChain(
      [{ role: "system", content: "s".repeat(505) }, user("u".repeat(507))],
      64,
    );
    expect(both).toMatchObject({ tokensPerBlock: 32 });
    expect(both.hashes).toHaveLength(1);
    expect(prefixChain([], 3)).toEqual({ hashes: [], tokensPerBlock: 3 * 512 });
  });

  it("hold nothing of the system text alone, and white space makes no difference", () => {
    expect(prefixChain([system, user("short")], 300).hashes).toEqual([]);
    const spaced = user(talk.content.replaceAll(" ", "  \n"));
    expect(prefixChain([system, spaced], 600)).toEqual(prefixChain([system, talk], 600));
  });
});

describe("the prefix index", () => {
  const chain = (...hashes: string[]) => ({ hashes, tokensPerBlock: 100 });

  it("remembers a place, the least recent forgotten first", () => {
    const index = createPrefixIndex();
    index.remember("node", chain("a", "b"), 2);
    index.remember("node", chain("a", "b", "c"), 2);
    index.remember("node", chain("x"), 2);
    expect(index.cachedBlocks("node", chain("a", "b", "d"))).toBe(2);
    index.remember("node", chain("y"), 2);
    expect(index.cachedBlocks("node", chain("a", "b"))).toBe(0);
    expect(index.cachedBlocks("node", chain("x"))).toBe(1);
    index.forget("node");
    expect(index.cachedBlocks("node", chain("x"))).toBe(0);
    expect(index.cachedBlocks("elsewhere", chain("x"))).toBe(0);
  });

  it("keeps what two prompts share until both are forgotten", () => {
    const index = createPrefixIndex();
    index.remember("node", chain("a", "b"), 2);
    index.remember("node", chain("a", "c"), 2);
    index.remember("node", chain("x"), 2);
    expect(index.cachedBlocks("node", chain("a", "b"))).toBe(1);
    expect(index.cachedBlocks("node", chain("a", "c"))).toBe(2);
    index.remember("node", chain("y"), 2);
    expect(index.cachedBlocks("node", chain("a", "c"))).toBe(0);
  });

  it("counts a prompt once however often it comes, and makes it the most recent", () => {
    const index = createPrefixIndex();
    for (const hash of ["a", "b", "a", "a"]) index.remember("node", chain(hash), 2);
    index.remember("node", chain("c"), 2);
    expect(["a", "b", "c"].map((hash) => index.cachedBlocks("node", chain(hash)))).toEqual([
      ...[1, 0, 1],
    ]);
    for (const hash of ["d", "e"]) index.remember("node", chain(hash), 2);
    expect(index.cachedBlocks("node", chain("a"))).toBe(0);
  });

  it("has no use for a prompt without blocks", () => {
    const index = createPrefixIndex();
    index.remember("node", chain("a"), 1);
    index.remember("node", chain(), 1);
    expect(index.cachedBlocks("node", chain("a"))).toBe(1);
    expect(index.cachedBlocks("node", chain())).toBe(0);
  });
});
