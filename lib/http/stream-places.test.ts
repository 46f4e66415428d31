import { describe, expect, it } from "vitest";
import { createStreamPlaces } from "./stream-places.ts";

describe("createStreamPlaces", () => {
  it("gives each person their own places and takes each back once", () => {
    const places = createStreamPlaces(2);
    const first = places.take("a");
    places.take("a");
    expect(() => places.take("a")).toThrow();
    expect(() => places.take("b")).not.toThrow();
    first();
    first();
    places.take("a");
    expect(() => places.take("a")).toThrow();
  });
});
