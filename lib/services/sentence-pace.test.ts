import { describe, expect, it } from "vitest";
import { createSentencePace } from "./sentence-pace.ts";

const eight = Array.from({ length: 8 }, () => 30);

describe("createSentencePace", () => {
  it("takes fewer sentences when the calls before were slow, and more again when they are fast", () => {
    const pace = createSentencePace();
    expect(pace.fitting(eight, 90)).toBe(8);
    for (let call = 0; call < 10; call += 1) pace.took(240, 240);
    expect(pace.fitting(eight, 90)).toBe(2);
    for (let call = 0; call < 10; call += 1) pace.took(60, 20);
    expect(pace.fitting(eight, 90)).toBe(8);
  });

  it("takes a call that was given up for slower than it lasted", () => {
    const [late, slow] = [createSentencePace(), createSentencePace()];
    late.missed(240, 100);
    slow.took(240, 100);
    expect(late.fitting(eight, 80)).toBeLessThan(slow.fitting(eight, 80));
  });

  it("tries again after it has skipped for a while", () => {
    const pace = createSentencePace();
    for (let call = 0; call < 5; call += 1) pace.missed(30, 400);
    expect(pace.fitting(eight, 90)).toBe(0);
    for (let call = 0; call < 40; call += 1) pace.skipped();
    expect(pace.fitting(eight, 90)).toBe(8);
  });

  it("fits nothing into no time, and everything when there is nothing", () => {
    const pace = createSentencePace();
    expect(pace.fitting(eight, 0)).toBe(0);
    expect(pace.fitting([], 0)).toBe(0);
  });
});
