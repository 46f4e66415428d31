import { describe, expect, it } from "vitest";
import { arrangementIn, dropsDoubt } from "./arrangement.ts";

const passage =
  "The library opened in 1931 and was closed for repairs between two floods, of which the second one ruined the northern wing and all of its maps. The museum opened in 1952.";

describe("arrangementIn", () => {
  it("finds the place that holds most of a sentence, and no jump in what stands together", () => {
    const arranged = arrangementIn("The museum opened in 1952.", passage);
    expect(arranged).toEqual({ place: "The museum opened in 1952.", jumps: 0, repeats: false });
  });

  it("counts how often words that are put together stand far apart there", () => {
    expect(arrangementIn("The library ruined the maps of the floods.", passage)?.jumps).toBe(1);
  });

  it("sees what is said more often than it stands there", () => {
    const arranged = arrangementIn("The museum opened in 1952, and the museum opened.", passage);
    expect(arranged?.repeats).toBe(true);
  });

  it("finds nothing in nothing", () => {
    expect(arrangementIn("The museum opened.", "")).toBeNull();
  });
});

describe("dropsDoubt", () => {
  it.each([
    ["The pump may leak.", true],
    ["According to the seller, the pump leaks.", true],
    ["The pump leaks.", false],
  ])("of what somebody doubts or only reports: %s", (text, expected) => {
    expect(dropsDoubt("The pump leaks.", text)).toBe(expected);
  });

  it("keeps a doubt that the line repeats", () => {
    expect(dropsDoubt("The pump may leak.", "The pump may leak.")).toBe(false);
  });
});
