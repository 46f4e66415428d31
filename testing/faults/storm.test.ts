import { expect, it } from "vitest";
import { runStorm } from "./storm.ts";

it("20 deaths and 5 freezes under load: nothing lost, nothing answered twice, no texts mixed", async () => {
  const { answers, faults } = await runStorm({ seed: 6, deaths: 20, freezes: 5, askers: 10 });
  expect(faults).toEqual([]);
  // Hit twice in one turn is rare, and has its own end.
  const standing = answers.filter(({ end }) => end === "stood").length;
  expect(standing).toBeLessThan(answers.length / 20);
  expect(answers.length).toBeGreaterThan(50);
  // The storm really hit: answers were carried over in the middle.
  expect(answers.filter(({ resumes }) => resumes > 0).length).toBeGreaterThan(0);
}, 180_000);
