import { describe, expect, it } from "vitest";
import { detectLanguage, isEnglish, searchLanguageOf, withoutCommonWords } from "./language.ts";
import { collectionLanguages, searchLanguages } from "./search-languages.ts";

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
    ["danish", "Skibet gik ned i stormen, og der er dem der siger at kaptajnen ikke ville af det."],
    [
      "norwegian",
      "Skipet gikk ned i stormen, og det er de som sier at kapteinen ikke ble reddet fra det.",
    ],
    [
      "finnish",
      "Laiva upposi myrskyssä, ja on kerrottu että kapteeni ei lähtenyt vaan oli se joka jäi.",
    ],
    [
      "turkish",
      "Gemi bir fırtınada battı ve kaptan için bu çok zor bir gece olarak anlatılır, ama o kaldı.",
    ],
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

describe("searchLanguageOf", () => {
  it.each([
    ["english", "fn parse(input: &str) -> Result<Ast> { tokens.peek() }"],
    ["english", "Capacitors 10 µF 25 V, resistors 5 kΩ 1 %, switches 3 µs, thermistors 10 kΩ"],
    ["greek", "Το πλοίο χάθηκε στην καταιγίδα"],
    ["arabic", "غرقت السفينة في العاصفة"],
    ["hindi", "जहाज तूफान में खो गया"],
    ["russian", "Крейсер стоит у набережной"],
    ["simple", "東京都庁は新宿区にあります"],
    ["simple", "12 345 678"],
    ["simple", "Pszczoły żyją w rodzinach liczących do sześćdziesięciu tysięcy osobników."],
  ])("reads as %s what its script says", (language, text) => {
    expect(searchLanguageOf(text)).toBe(language);
  });
  it("names only configurations that every database has", () => {
    expect(collectionLanguages).toEqual(["auto", ...searchLanguages]);
  });
});

describe("withoutCommonWords", () => {
  it("leaves out what nearly every text of the question's language holds", () => {
    expect(withoutCommonWords("What is the purpose of the pump?").split(/\s+/)).toEqual([
      "",
      "purpose",
      "pump?",
    ]);
    expect(
      withoutCommonWords("Was ist die Aufgabe der Pumpe und des Ventils in dem Haus?"),
    ).toMatch(/Aufgabe\s+Pumpe\s+Ventils/);
  });
  it("keeps names that look like common words", () => {
    const left = withoutCommonWords("May the use of it in the US of May and by Use be shown?");
    expect(left.match(/\p{L}+/gu)).toEqual(["US", "May", "Use", "shown"]);
  });
  it.each([
    ["Methods of mathematics, e.g. groups", "Methods mathematics , groups"],
    ["E.g. group theory, i.e. algebra", "group theory, algebra"],
    [
      "Wie viel Urlaub, z. B. bei Krankheit, u.a. im Mai?",
      "Wie viel Urlaub, bei Krankheit, im Mai?",
    ],
  ])("leaves out what only joins: %s", (question, rest) => {
    const words = (text: string) => text.match(/[\p{L}.]*\p{L}/gu);
    expect(words(withoutCommonWords(question))).toEqual(words(rest));
  });
  it.each(["the U.S. president in May", "at 9 a.m. in Room 3", "Who is T.S. Eliot?"])(
    "takes letters with dots between them for one name: %s",
    (question) => {
      const [name] = /\p{L}\.\p{L}+/u.exec(question) ?? [];
      expect(withoutCommonWords(question)).toContain(name);
    },
  );
  it("leaves a question of nothing else as it is", () => {
    expect(withoutCommonWords("To be or not to be")).toBe("To be or not to be");
    expect(withoutCommonWords("")).toBe("");
  });
});

describe("isEnglish", () => {
  it.each([
    "The ship was lost in the storm.",
    "When was Beyoncé born?",
    "fn parse(input: &str) -> Result<Ast> { tokens.peek() }",
    "vacation policy",
    "The Sahara (Arabic: الصحراء الكبرى, aṣ-ṣaḥrāʼ al-kubrá) is the largest hot desert of the world.",
    "2031 + 15 = ?",
    "",
  ])("takes it for English, or for nothing else: %s", (text) => {
    expect(isEnglish(text)).toBe(true);
  });
  it.each([
    "Das Schiff ging im Sturm unter, und es heißt, dass der Kapitän nicht von Bord ging.",
    "Pszczoły żyją w rodzinach liczących do sześćdziesięciu tysięcy osobników.",
    "Ong mật sống thành đàn. Ong chúa đẻ khoảng hai nghìn trứng mỗi ngày.",
    "В какое море впадает Дунай?",
    "PostgreSQL репликация",
    "מתי?",
    "印刷機を作ったのは誰ですか？",
  ])("knows that it is not: %s", (text) => {
    expect(isEnglish(text)).toBe(false);
  });
});
