import { expect, it } from "vitest";
import { bearerFits } from "./bearer.ts";

it("takes the token behind Bearer and nothing else", () => {
  const fits = (authorization?: string): boolean =>
    bearerFits(new Headers(authorization === undefined ? {} : { authorization }), "the-token");
  expect(fits("Bearer the-token")).toBe(true);
  expect(fits("bearer the-token")).toBe(true);
  const others = [undefined, "", "the-token", "Basic the-token", "Bearer", "Bearer the-token-and"];
  expect(others.map((other) => fits(other))).toEqual(others.map(() => false));
});
