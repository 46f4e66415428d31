import { describe, expect, it } from "vitest";
import { vetoes } from "./vetoes.ts";

describe("vetoes", () => {
  it.each([
    ["number", "How long is the 5 km route?", "How long is the 7 km route?"],
    ["number", "Who won in two thousand 12?", "Who won in two thousand 16?"],
    ["unit", "Is 5 kg too much?", "Is 5 lb too much?"],
    ["identifier", "Does it run on node 22.04-lts?", "Does it run on node 24.04-lts?"],
    ["identifier", "Is C++ fast?", "Is C fast?"],
    ["identifier", "Does the a8 light up?", "Does the a9 light up?"],
    ["identifier", "What is a K* search?", "What is a K+ search?"],
    ["name", "What is the budget for IT?", "What is the budget for it?"],
    ["name", "Is vitamin A in the mix?", "Is a vitamin in the mix?"],
    ["name", "IT works where?", "It works where?"],
    ["word", "Is the valve in a pump?", "Is the valve a pump?"],
    ["word", "Should I tell the driver about her bag?", "Should I tell the driver about his bag?"],
    ["word", "What does the relay do?", "What is the relay?"],
    [
      "word",
      "Is the load moved from the dock to the ship?",
      "Is the load moved to the dock from the ship?",
    ],
    ["quoted", 'What does "fair use" mean?', 'What does "fair play" mean?'],
    ["name", "Who leads the office in Lisbon?", "Who leads the office in Porto?"],
    ["negation", "Which pumps are covered?", "Which pumps are not covered?"],
    ["negation", "Which pump is not covered here?", "Which pump is not sold here?"],
    ["negation", "Is he not wholly convinced?", "Is he wholly not convinced?"],
    ["comparative", "Which plan has the lowest fee?", "Which plan has the highest fee?"],
    ["comparative", "What must be done before the visit?", "What must be done after the visit?"],
    ["question-type", "When did the office open?", "Where did the office open?"],
    ["time", "What does the pump cost?", "What did the pump cost?"],
    ["word", "How do I open the valve?", "How do I close the valve?"],
    ["order", "Do girls like shy boys?", "Do boys like shy girls?"],
  ] as const)("by %s: %s / %s", (kind, cached, asked) => {
    expect(vetoes(cached, asked).map((veto) => veto.kind)).toContain(kind);
    expect(vetoes(asked, cached).map((veto) => veto.kind)).toContain(kind);
  });

  it.each([
    ["What is the fee for a permit?", "What are the fees of permits?"],
    ["Can I return the pump within 30 days?", "Could we return a pump within 30 days?"],
    ["Where is the Lisbon office?", "where is the lisbon office"],
    ["WHERE IS THE LISBON OFFICE", "Where is the Lisbon office?"],
    ["Where Is The Lisbon Office", "where is the lisbon office"],
  ])("nothing against %s / %s", (cached, asked) => {
    expect(vetoes(cached, asked)).toEqual([]);
  });

  it("say what differs", () => {
    expect(vetoes("Is 5 kg allowed?", "Is 6 kg allowed?")).toContainEqual({
      kind: "number",
      detail: "5 | 6",
    });
    expect(vetoes("How do I clean the valve?", "How do I clean the old red valve?")).toEqual([
      { kind: "word", detail: "– | old red" },
    ]);
    expect(vetoes("How do I clean the valve?", "How do I paint the valve?")).toEqual([
      { kind: "word", detail: "clean | paint" },
    ]);
  });
});
