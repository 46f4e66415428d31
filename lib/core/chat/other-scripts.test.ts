import { describe, expect, it } from "vitest";
import { contentStems } from "./words.ts";

describe("content stems of other scripts", () => {
  it.each([
    ["谁检查起重机?", "工程师王丽每三个月检查一次起重机。", ["检查", "起重", "重机"]],
    ["大人の切符はいくらですか?", "大人の切符は五百円で、子供は無料です。", ["大人", "切符"]],
    ["ตั๋วผู้ใหญ่ราคาเท่าไร", "ตั๋วผู้ใหญ่ราคาห้าสิบบาท", ["รา", "าค", "คา"]],
    ["כמה עולה כרטיס למעבורת?", "מחיר הכרטיס של המעבורת", ["רטיס", "עבורת"]],
    [
      "도나우강은 어느 바다로 흘러드는가?",
      "도나우강의 물은 흑해 바다로 흘러들었다.",
      ["도나", "바다", "흘러"],
    ],
    ["天花是什么时候被消灭的？", "世界卫生组织于1980年宣布消灭天花。", ["天花", "消灭"]],
    ["متى تغادر العبارة؟", "تغادر العبّارة إلى الجزيرة", ["تغادر", "عباره"]],
  ])("meet in a question and its answer: %s", (question, answer, shared) => {
    const asked = contentStems(question);
    const said = new Set(contentStems(answer));
    expect(shared.filter((stem) => asked.includes(stem) && said.has(stem))).toEqual(shared);
  });
  it("leave out what only asks, where anything else is there", () => {
    expect(contentStems("成人票价是多少")).toEqual(["成人", "人票", "票价"]);
    expect(contentStems("クレーンはどこで製造されましたか")).toEqual([
      "クレ",
      "レー",
      "ーン",
      "製造",
    ]);
    expect(contentStems("これはなんですか").length).toBeGreaterThan(0);
    expect(contentStems("Кто проверяет кран?")).toEqual(contentStems("проверяет кран"));
    expect(contentStems("מי בודקת את העגורן?")).toEqual(contentStems("בודקת העגורן"));
    expect(contentStems("متى تغادر العبارة إلى الجزيرة؟")).toEqual(
      contentStems("تغادر العبارة الجزيرة"),
    );
  });
  it("leave words of other scripts as they are", () => {
    expect(contentStems("Der Kran wurde 1989 in Одессе gebaut")).toEqual(
      contentStems("der kran wurde 1989 in одессе gebaut"),
    );
  });
});
