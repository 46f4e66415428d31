import { describe, expect, it } from "vitest";
import type { Actor } from "../access/actor.ts";
import { defaultSettings } from "../settings/settings.ts";
import { prewarmPlan, type PlannedQuestion } from "./prewarm-plan.ts";

const person = (userId: string): Actor => ({ userId, workspaceId: "w", role: "member" });
const [ann, ben] = [person("ann"), person("ben")];
const asked = (question: string, actor = ann): PlannedQuestion => ({
  ...{ actor, question, collectionIds: [] },
});
const numbered = (name: string, count: number): readonly PlannedQuestion[] =>
  Array.from({ length: count }, (_, index) => asked(`${name} ${String(index)}?`));
const texts = (plan: readonly PlannedQuestion[]): readonly string[] =>
  plan.map(({ question, actor }) => `${actor.userId}: ${question}`);

describe("prewarmPlan", () => {
  const most = defaultSettings.cache.prewarmQuestions;

  it("answers fifteen questions ahead unless told otherwise", () => {
    expect(most).toBe(15);
    const sources = { listed: [], popular: numbered("Asked", 4), made: numbered("Made", 40) };
    expect(prewarmPlan(sources, [ann], most)).toHaveLength(15);
  });

  it("takes what admins listed first, for every audience, then what is asked most, then what the documents offer", () => {
    const sources = {
      listed: [{ question: "Listed?", collectionIds: [] }],
      popular: [asked("Popular?", ben)],
      made: numbered("Made", 3),
    };
    expect(texts(prewarmPlan(sources, [ann, ben], 3))).toEqual([
      "ann: Listed?",
      "ben: Listed?",
      "ben: Popular?",
      "ann: Made 0?",
    ]);
  });

  it("counts a question once, however it is written and whoever it is answered for", () => {
    const sources = {
      listed: [{ question: "How long is it?", collectionIds: [] }],
      popular: [asked("how long is it", ben), asked("How long is IT?")],
      made: numbered("Made", 9),
    };
    expect(texts(prewarmPlan(sources, [ann], 2))).toEqual([
      "ann: How long is it?",
      "ben: how long is it",
      "ann: Made 0?",
    ]);
  });
});
