import { describe, expect, it } from "vitest";
import { withoutRadicals } from "./radical-letters.ts";

describe("withoutRadicals", () => {
  it("writes the letters that a PDF drew with the shapes of radicals", () => {
    expect(withoutRadicals("⽕災の際は東側の⾮常⼝を使い、⻑崎で⼩⻨を")).toBe(
      "火災の際は東側の非常口を使い、長崎で小麦を",
    );
    expect(withoutRadicals("⻘岛的⻋⻔")).toBe("青岛的车门");
  });
  it("leaves a radical that is no letter of its own, and everything else, as long as it was", () => {
    const text = "⺀⺮ plain 漢字 ⿰ ½ ﬁ";
    expect(withoutRadicals(text)).toBe(text);
    const all = Array.from({ length: 0x2fd6 - 0x2e80 }, (_, at) =>
      String.fromCharCode(0x2e80 + at),
    );
    expect(all.map((one) => withoutRadicals(one).length)).toEqual(all.map(() => 1));
  });
});
