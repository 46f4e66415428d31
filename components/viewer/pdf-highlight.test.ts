import { describe, expect, it } from "vitest";

import { boxOf, findOnPage, type PageItem } from "./pdf-highlight.ts";

const item = (str: string, y: number): PageItem => ({
  str,
  transform: [10, 0, 0, 10, 50, y],
  width: str.length * 5,
});

describe("findOnPage", () => {
  const page = [
    item("The tide is high at ", 700),
    item("noon, and the har-", 700),
    item("bour fills. The ﬁsh come.", 680),
  ];

  it("finds a passage over items, line ends, cut words and ligatures", () => {
    const ranges = findOnPage(page, "high at noon, and the harbour\nfills. The fish");
    expect(ranges.map(({ item: index }) => index)).toEqual([0, 1, 2]);
    expect(ranges[0]?.from).toBeCloseTo(12 / 20);
    expect(ranges[1]).toMatchObject({ from: 0 });
    expect(ranges[2]?.to).toBeCloseTo(19 / 25);
  });

  it("finds text that runs left, drawn from its left end, and measures it from there", () => {
    const left = (str: string, x: number, y: number): PageItem => ({
      str,
      transform: [10, 0, 0, 10, x, y],
      width: str.length * 5,
      dir: "rtl",
    });
    // The page shows, from right to left: "the crane", "KR-209", "works here".
    const arabic = [
      left("على الرصيف الرابع", 0, 700),
      { ...left(" KR-209 ", 100, 700), dir: "ltr" },
      left("تعمل الرافعة", 150, 700),
      left("ﺺﺤﻔُﺗ".split("").reverse().join(""), 0, 680),
    ];
    const ranges = findOnPage(arabic, "الرافعة KR-209 على الرصيف");
    expect(ranges.map(({ item: index }) => index)).toEqual([2, 1, 0]);
    expect(ranges[0]).toEqual({ item: 2, from: 0, to: 1 - 5 / 12 });
    expect(ranges[2]).toMatchObject({ from: 1 - 10 / 17, to: 1 });
    expect(findOnPage(arabic, "تُفحص").map(({ item: index }) => index)).toEqual([3]);
  });

  it("finds letters that the page draws as radicals", () => {
    expect(findOnPage([item("⽕災の際は⻑崎", 700)], "火災の際は長崎")).toEqual([
      { item: 0, from: 0, to: 1 },
    ]);
  });

  it("finds the part of a passage that begins or ends on this page", () => {
    const before = "Words of the page before, which end here. ";
    const ranges = findOnPage(page, `${before}The tide is high at noon`);
    expect(ranges.map(({ item: index }) => index)).toEqual([0, 1]);
    expect(findOnPage(page, "The fish come. And then goes on elsewhere").at(-1)?.to).toBe(1);
  });

  it("marks nothing on a page that holds only a word of it", () => {
    expect(findOnPage(page, "Nothing of this is there but noon")).toEqual([]);
    expect(findOnPage(page, " | ")).toEqual([]);
    expect(findOnPage([], "The tide")).toEqual([]);
  });
});

describe("boxOf", () => {
  it("stands over the letters, on a page turned by nothing", () => {
    const box = boxOf(item("0123456789", 100), { from: 0.5, to: 1 }, [2, 0, 0, -2, 0, 400]);
    expect(box.left).toBeCloseTo((50 + 25) * 2);
    expect(box.top + box.height).toBeGreaterThan(200);
    expect(box.top).toBeLessThan(200);
    expect(box.width).toBeCloseTo(50);
    expect(box.angle).toBeCloseTo(0);
  });

  it("turns with text that runs upwards", () => {
    const upwards = { str: "up", transform: [0, 10, -10, 0, 50, 100], width: 20 };
    const box = boxOf(upwards, { from: 0, to: 1 }, [1, 0, 0, -1, 0, 400]);
    expect(box.angle).toBeCloseTo(-Math.PI / 2);
    expect(box.width).toBeCloseTo(20);
  });
});
