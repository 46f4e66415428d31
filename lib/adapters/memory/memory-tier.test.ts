import { describe, expect, it } from "vitest";
import { cacheTierContract } from "#testing/contracts/cache-tier.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { createMemoryTier } from "./memory-tier.ts";

cacheTierContract("memory", () => {
  const clock = createFakeClock();
  return Promise.resolve({
    tier: createMemoryTier({ clock, mostBytes: 10_000_000 }),
    pass: (ms) => clock.advance(ms),
    close: () => Promise.resolve(),
  });
});

const never = new AbortController().signal;

describe("the memory tier's size", () => {
  const mostBytes = 100_000;
  const started = () => {
    const tier = createMemoryTier({ clock: createFakeClock(), mostBytes });
    const put = (key: string, length: number) =>
      tier.write([{ key, value: new Uint8Array(length), keepMs: 1000 }], never);
    const has = async (key: string) => (await tier.read([key], never))[0] !== null;
    return { tier, put, has };
  };

  it("stays within its bytes: what was used longest ago goes first", async () => {
    const { tier, put, has } = started();
    for (let made = 0; made < 20; made += 1) await put(`k${String(made)}`, 4_000);
    expect(await has("k0")).toBe(true);
    for (let made = 20; made < 24; made += 1) await put(`k${String(made)}`, 4_000);
    expect(tier.bytes()).toBeLessThanOrEqual(mostBytes);
    expect(await has("k0")).toBe(true);
    expect(await has("k1")).toBe(false);
    expect(await has("k23")).toBe(true);
  });

  it("counts what is replaced and removed only once", async () => {
    const { tier, put } = started();
    for (let made = 0; made < 50; made += 1) await put("k", 100 + made);
    const held = tier.bytes();
    await put("other", 500);
    await tier.remove(["other", "other"], never);
    expect(tier.bytes()).toBe(held);
    await tier.remove(["k"], never);
    expect(tier.bytes()).toBe(0);
  });

  it("takes no value that would push out a tenth of the others", async () => {
    const { tier, put, has } = started();
    await put("large", mostBytes / 10);
    expect(await has("large")).toBe(false);
    expect(tier.bytes()).toBe(0);
  });
});
