import { describe, expect, it } from "vitest";
import { questionForm } from "./question-form.ts";

const form = (question: string): string | undefined => questionForm(question)?.text;

describe("questionForm", () => {
  it.each([
    ["How can I reset my password?", "How do you reset the password"],
    ["What's the best way to clean the filter?", "how to clean the filter"],
    ["Which is the best pump for wells?", "What is the best pump for a well?"],
    ["Please tell me what the warranty covers", "please tell me what the warranty covers?"],
    [
      "What is the difference between lease and rent?",
      "What's the difference between rent and lease?",
    ],
    ["Does the pump ever need oil?", "Do the pumps need oil?"],
    ["What are the duties of a tenant in Rome?", "What are duties in Rome of a tenant?"],
    ["In Python, how do I sort a list?", "How do I sort a list in Python?"],
  ])("is one for %s and %s", (one, other) => {
    expect(form(one)).toBe(form(other));
  });

  it.each([
    ["How do I open the valve?", "How do I close the valve?"],
    ["How do I reset it?", "Why do I reset it?"],
    ["Is the pump safe?", "Is the pump not safe?"],
    ["Is a dog faster than a cat?", "Is a cat faster than a dog?"],
    ["How do I fly from Rome to Oslo?", "How do I fly from Oslo to Rome?"],
    ["What is vitamin A?", "What are vitamins?"],
    ["What is C++?", "What is C?"],
    ["What happens at 5 bar?", "What happens at -5 bar?"],
    ["Who was the director?", "Who is the director?"],
    ["Should I use version 1.2?", "Should I use version 1.12?"],
    ["Can I do it with a permit?", "Can I do it without a permit?"],
    ["What is process engineering?", "What does a process engineer do?"],
    ["How do I know it works?", "How can I make it work?"],
    ["We were friends at no time.", "We were friends in no time."],
  ])("keeps %s and %s apart", (one, other) => {
    expect(form(one)).not.toBe(form(other));
  });

  it.each(["", "?", "What is the?"])("is none for %j", (text) => {
    expect(questionForm(text)).toBeNull();
  });
});
