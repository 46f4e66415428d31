import { describe, expect, it } from "vitest";
import { detectLanguage } from "./language.ts";

describe("detectLanguage", () => {
  it.each([
    ["english", "The ship was lost in the storm, and it is said that the captain stayed with it."],
    [
      "german",
      "Das Schiff ging im Sturm unter, und es heißt, dass der Kapitän nicht von Bord ging.",
    ],
    [
      "french",
      "Le navire est perdu dans la tempête et on dit que le capitaine est resté avec lui.",
    ],
    ["spanish", "El barco se perdió en la tormenta y se dice que el capitán no lo dejó por nada."],
    [
      "russian",
      "Корабль погиб в шторме, и говорят, что капитан не ушёл с него, но остался на нём.",
    ],
  ])("knows %s", (language, text) => {
    expect(detectLanguage(text)).toBe(language);
  });
  it("says simple for what it does not know", () => {
    expect(detectLanguage("xq zzrt plorf 1234")).toBe("simple");
    expect(detectLanguage("")).toBe("simple");
  });
});
