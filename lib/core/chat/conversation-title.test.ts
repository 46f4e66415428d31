import { describe, expect, it } from "vitest";
import { conversationTitle } from "./conversation-title.ts";

describe("conversationTitle", () => {
  it.each([
    [
      "What was the probable cause of the accident near Soledad?",
      "Probable cause of the accident near Soledad",
    ],
    ["What's our budget for 2027?", "Our budget for 2027"],
    ["How do I reset my password?", "How to reset my password"],
    [
      "I'm new here. Where can I find the form for travel costs? Thanks",
      "Where to find the form for travel costs",
    ],
    ["Was ist die maximale Höhe auf dem Parkdeck?", "Die maximale Höhe auf dem Parkdeck"],
    ["Quel est le prix du billet ?", "Le prix du billet"],
    ["¿Cuál es el plazo de entrega?", "El plazo de entrega"],
  ])("says what %j is about", (question, title) => {
    expect(conversationTitle(question)).toBe(title);
  });

  it.each([
    ["Hi there, could you please tell me what the notice period is?", "What the notice period is"],
    ["Can you tell me about the parental leave policy?", "The parental leave policy"],
    ["Good morning! When does the ferry leave?", "When does the ferry leave?"],
    ["Please summarise the chapter on safety.", "Summarise the chapter on safety"],
    ["I would like to know if the crane may lift 12 tonnes", "The crane may lift 12 tonnes"],
    ["Könnten Sie mir bitte sagen, wie hoch die Miete ist?", "Wie hoch die Miete ist"],
  ])("leaves greetings and courtesies of %j out", (question, title) => {
    expect(conversationTitle(question)).toBe(title);
  });

  it.each([
    "What is said about heating?",
    "What was the weather like?",
    "Who led it?",
    "What about the second one?",
    "iPhone repair costs?",
    "保証期間はどのくらいですか？",
    "ما هي مدة الضمان؟",
    "Hello",
  ])("leaves %j as it is: less would not read well", (question) => {
    expect(conversationTitle(question)).toBe(question);
  });

  it("looks past code, small talk and addresses for what is asked", () => {
    expect(conversationTitle("```js\nconst a = 1;\n```\nWhy does this fail?")).toBe(
      "Why does this fail?",
    );
    expect(conversationTitle("Hello!\nWhat   is the\tfee?")).toBe("Fee");
    expect(conversationTitle("What does https://www.example.org/a?b=c say about refunds?")).toBe(
      "What does example.org say about refunds?",
    );
    expect(conversationTitle("1. What is the fee?")).toBe("Fee");
  });

  it("is cut between words, at none that points on, and never inside a character", () => {
    const title = conversationTitle(
      "What is the difference between a slot and a lease in the ledger of the cluster, and which expires first?",
    );
    expect(title).toBe("Difference between a slot and a lease in the ledger of the cluster…");
    expect(conversationTitle("👩‍👩‍👧".repeat(200))).toBe(`${"👩‍👩‍👧".repeat(71)}…`);
    expect(conversationTitle("x".repeat(4_000))).toHaveLength(72);
  });

  it("is never empty for a question that has a character", () => {
    for (const question of [
      "?",
      "```\ncode\n```",
      "```",
      "-",
      "1.",
      "🙂",
      "please",
      "Hi, ",
      "What is the",
    ])
      expect(conversationTitle(question)).not.toBe("");
  });
});
