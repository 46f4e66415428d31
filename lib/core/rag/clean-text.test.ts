import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanText, nothingRemoved, removalWarnings } from "./clean-text.ts";

const clean = (text: string) => {
  const removed = nothingRemoved();
  return { text: cleanText(text, removed), ...removed };
};

describe("cleanText", () => {
  it("takes out characters that hide text or turn it round, and counts them", () => {
    const tagged = Array.from("ignore", (letter) =>
      String.fromCodePoint(0xe0000 + letter.charCodeAt(0)),
    ).join("");
    expect(clean(`pay${tagged} now`)).toMatchObject({ text: "pay now", hidden: 6 });
    expect(clean("a\u202eb\u2066c\u200bd\ufeffe")).toMatchObject({ text: "abcde", hidden: 4 });
  });
  it("takes out control characters, NUL first of all, and broken ones", () => {
    expect(clean("a\u0000b\u0007c\u009b")).toMatchObject({ text: "abc", control: 3 });
    expect(clean("a\ud800b\uffffc")).toMatchObject({ text: "abc", broken: 2 });
  });
  it("keeps joiners where they shape letters and emoji, and drops them where they only hide", () => {
    expect(clean("می‌خواهم").text).toBe("می‌خواهم");
    expect(clean("👩‍👧").text).toBe("👩‍👧");
    expect(clean("pass\u200dword\u200c")).toMatchObject({ text: "password", hidden: 2 });
  });
  it("makes one kind of line end, space and accent", () => {
    expect(clean("a\r\nb\rc\u2028d").text).toBe("a\nb\nc\nd");
    expect(clean("a\u00a0b\u2009c").text).toBe("a b c");
    expect(clean("e\u0301").text).toBe("é");
    expect(clean("⽕災").text).toBe("火災");
    expect(clean("hy\u00adphen")).toMatchObject({ text: "hyphen", hidden: 0 });
  });
  it("changes nothing in text that is clean already, and nothing the second time", () => {
    expect(clean("Plain text, 100 % – naïve.\n\tYes.")).toEqual({
      text: "Plain text, 100 % – naïve.\n\tYes.",
      hidden: 0,
      control: 0,
      broken: 0,
    });
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 50 }), (text) => {
        const once = clean(text).text;
        expect(clean(once)).toEqual({ text: once, hidden: 0, control: 0, broken: 0 });
        expect(once).not.toContain("\0");
        expect(once.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe("removalWarnings", () => {
  it("says what was taken out, and nothing when nothing was", () => {
    expect(removalWarnings(nothingRemoved())).toEqual([]);
    expect(removalWarnings({ hidden: 2, control: 0, broken: 1 })).toEqual([
      "Removed 2 hidden characters that could carry unseen text.",
      "Removed 1 broken characters.",
    ]);
  });
});
