import { describe, expect, it } from "vitest";
import { guessEncoding } from "./guess-encoding.ts";

/** Bytes by the tables of the platform, which decodes these encodings but does not write them. */
function encoded(text: string, encoding: string): Uint8Array {
  const decoder = new TextDecoder(encoding);
  const codes = new Map<string, readonly number[]>();
  for (let one = 0x20; one < 0x100; one += 1) {
    codes.set(decoder.decode(Uint8Array.of(one)), [one]);
    if (one < 0x81) continue;
    for (let two = 0x40; two < 0xff; two += 1) {
      const letters = decoder.decode(Uint8Array.of(one, two));
      if (Array.from(letters).length === 1 && !codes.has(letters)) codes.set(letters, [one, two]);
    }
  }
  return Uint8Array.from(Array.from(text).flatMap((letter) => codes.get(letter) ?? [0x3f]));
}

const russian = "Северный склад стоит рядом со вторым причалом, в нём хранят пшеницу и ячмень.";
const japanese = "北倉庫は第二埠頭の隣にあり、小麦と大麦を保管しています。毎朝六時に開きます。";

describe("guessEncoding", () => {
  it.each([
    ["windows-1251", russian],
    ["koi8-r", russian],
    ["windows-1256", "يقع المستودع الشمالي بجانب الرصيف الثاني، ويخزن فيه القمح والشعير."],
    ["windows-1253", "Η βόρεια αποθήκη βρίσκεται δίπλα στη δεύτερη προβλήτα και φυλάσσει σιτάρι."],
    ["windows-1255", "המחסן הצפוני נמצא ליד הרציף השני ומאוחסנים בו חיטה ושעורה."],
    ["windows-874", "คลังสินค้าทางเหนืออยู่ข้างท่าเทียบเรือที่สอง ใช้เก็บข้าวสาลีและข้าวบาร์เลย์"],
    ["shift_jis", japanese],
    ["euc-jp", japanese],
    [
      "euc-kr",
      "북쪽 창고는 두 번째 부두 옆에 있으며 밀과 보리를 보관합니다. 기술자가 세 달마다 점검합니다.",
    ],
    ["gb18030", "北仓库位于二号码头旁边，储存小麦和大麦。发生火灾时请使用东侧的出口，不要用电梯。"],
    ["big5", "北倉庫位於二號碼頭旁邊，儲存小麥和大麥。發生火災時請使用東側的出口，不要用電梯。"],
    ["windows-1252", "Überall schöne Straßen für größere Häuser"],
  ])("knows %s by its letters", (encoding, text) => {
    expect(guessEncoding(encoded(text, encoding))).toBe(encoding);
  });
  it("says that it cannot tell where nothing fits: text of a mainframe", () => {
    const mainframe = Array.from("the tide is high at noon", (letter) =>
      letter === " " ? 0x40 : 0x81 + (letter.charCodeAt(0) % 9),
    );
    expect(guessEncoding(Uint8Array.from(mainframe))).toBeNull();
  });
});
