import { describe, expect, it } from "vitest";
import { createReferenceBm25 } from "./reference-bm25.ts";

describe("createReferenceBm25", () => {
  const search = createReferenceBm25([
    { id: "sea", text: "The tide and the sea. The tide turns." },
    { id: "ship", text: "A ship on the sea." },
    { id: "hill", text: "A hill." },
  ]);
  it("orders by rare words, repetition and length, and leaves out what holds none", () => {
    expect(search("tides at sea", 5)).toEqual(["sea", "ship"]);
    expect(search("the hill", 5)).toEqual(["hill"]);
    expect(search("nothing of that", 5)).toEqual([]);
  });
});
