import { describe, expect, it } from "vitest";
import { withoutNearDuplicates } from "./near-duplicates.ts";

const passage =
  "The lighthouse at the northern cape was finished in the autumn and has burned every night since, " +
  "except for the winter in which the keeper was ill and nobody could cross the ice.";

describe("withoutNearDuplicates", () => {
  it("keeps the first of texts that repeat one another nearly word for word", () => {
    const copy = passage.replace("the keeper was ill", "its keeper was ill");
    expect(withoutNearDuplicates([passage, "Something else entirely.", copy])).toEqual([0, 1]);
  });
  it("keeps both when a figure or a negation differs: that is a contradiction, not a copy", () => {
    const dated = `${passage} It was built in 1904 by 30 men.`;
    expect(withoutNearDuplicates([dated, dated.replace("1904", "1905")])).toEqual([0, 1]);
    const negated = passage.replace("has burned", "has not burned");
    expect(withoutNearDuplicates([passage, negated])).toEqual([0, 1]);
  });
  it("takes a part of a text that is there already as a copy", () => {
    expect(withoutNearDuplicates([passage, passage.slice(0, 97)])).toEqual([0]);
  });
  it("tells texts on one subject apart", () => {
    const other =
      "The lighthouse at the southern cape was never finished: the stone went to the harbour wall.";
    expect(withoutNearDuplicates([passage, other])).toEqual([0, 1]);
  });
  it("has nothing to say about nothing, and keeps one of several empty texts", () => {
    expect(withoutNearDuplicates([])).toEqual([]);
    expect(withoutNearDuplicates(["", ""])).toEqual([0]);
  });
});
