import { describe, expect, it } from "vitest";

import { sayCount, sayMoment, saySize, sayWait } from "./time-words.ts";

const now = new Date(2026, 2, 12, 12).getTime();
const minutes = (count: number): number => count * 60_000;

describe("sayMoment", () => {
  it("is what people say", () => {
    expect(sayMoment(now - 20_000, now)).toBe("just now");
    expect(sayMoment(now - minutes(4), now)).toBe("4 min ago");
    expect(sayMoment(now - minutes(125), now)).toBe("2 h ago");
    expect(sayMoment(now - minutes(60 * 30), now)).toBe("yesterday");
    expect(sayMoment(new Date(2026, 0, 5).getTime(), now, "en-GB")).toBe("5 January");
    expect(sayMoment(new Date(2024, 0, 5).getTime(), now, "en-GB")).toBe("5 Jan 2024");
  });
});

describe("sayWait", () => {
  it("never promises less than a second and changes its unit in time", () => {
    expect(sayWait(0)).toBe("about a second");
    expect(sayWait(8_200)).toBe("about 8 s");
    expect(sayWait(90_000)).toBe("about 2 min");
    expect(sayWait(minutes(180))).toBe("about 3 h");
  });
});

describe("saySize and sayCount", () => {
  it("give a unit and the right number of things", () => {
    expect(saySize(512, "en")).toBe("512 B");
    expect(saySize(1_540_000, "en")).toBe("1.5 MB");
    expect(saySize(98_000_000, "en")).toBe("98 MB");
    expect(sayCount(1, "source", "sources", "en")).toBe("1 source");
    expect(sayCount(12_000, "chunk", "chunks", "en")).toBe("12,000 chunks");
  });
});
