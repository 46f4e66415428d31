import { expect, it } from "vitest";
import { sayPlace } from "./words.ts";

it("counts those who wait before a person, not the person", () => {
  expect(sayPlace(1, 4000)).toMatch(/^You are next, /);
  expect(sayPlace(2, 8000)).toMatch(/^1 ahead of you, /);
});
