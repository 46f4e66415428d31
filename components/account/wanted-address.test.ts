import { expect, it } from "vitest";
import { wantedAddress } from "./wanted-address.ts";

const origin = "https://drover.example.org";
const after = (next: string): string =>
  wantedAddress({ search: `?next=${encodeURIComponent(next)}`, origin });

it("leads to the page that was asked for", () => {
  expect(after("/c/1?at=2")).toBe(`${origin}/c/1?at=2`);
  expect(wantedAddress({ search: "", origin })).toBe(`${origin}/`);
});

it.each([
  "https://elsewhere.example/",
  "//elsewhere.example/",
  "/.//elsewhere.example/",
  "/..//elsewhere.example/",
  "\\\\elsewhere.example",
  "javascript:alert(1)",
  "http://[",
])("never leads to another site: %s", (next) => {
  // As the browser reads what it is given.
  expect(new URL(after(next), `${origin}/sign-in`).origin).toBe(origin);
});
