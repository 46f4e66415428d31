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
    ["How much does a permit cost?", "What is the price of a permit?"],
    ["How much time does it take to ship it?", "How long does it take to ship it?"],
    ["What is Oslo's office?", "What is the office of Oslo?"],
    ["How does a lease differ from a rent?", "What is the difference between rent and lease?"],
    ["Which is better, steel or brass?", "Brass or steel: which is better?"],
    ["Where can I buy filters?", "Where do we buy a filter?"],
    ["What can I do to reduce costs?", "How do we lower the costs?"],
    ["Is it possible to return a pump?", "Can I return the pump?"],
    ["What's the full form of VPN?", "What does VPN stand for?"],
    ["How do I know if it works?", "How can I tell whether it works?"],
    ["What kind of oil is used?", "What type of oil is used?"],
    ["How do I purchase a licence?", "How can I buy a license?"],
    ["Well, what does the pump cost?", "What does the pump cost?"],
    ["Who needs 1,000 pumps?", "Who needs 1000 pumps?"],
    ["What does a buffer mean?", "What is meant by a buffer?"],
  ])("is one for %s and %s", (one, other) => {
    expect(form(one)).toBe(form(other));
  });

  it.each([
    ["How do I open the valve?", "How do I close the valve?"],
    ["Where do I live?", "Where can I live?"],
    ["What is the lower limit?", "What is the reduced limit?"],
    ["How much does steel cost in Oslo?", "How much does steel cost in Rome?"],
    ["Which is better, steel or brass?", "Which is better, steel or iron?"],
    ["How do I sort a list?", "How do I type a list?"],
    ["What is the best plan?", "What is a good plan?"],
    ["What should I do to pass?", "What should I do to fail?"],
    ["How do I reset it?", "Why do I reset it?"],
    ["Is the pump safe?", "Is the pump not safe?"],
    ["Is a dog faster than a cat?", "Is a cat faster than a dog?"],
    ["How do I fly from Rome to Oslo?", "How do I fly from Oslo to Rome?"],
    ["What is vitamin A?", "What are vitamins?"],
    ["What is C++?", "What is C?"],
    ["What is the news?", "What is the new?"],
    ["What is a bus?", "What is a bu?"],
    ["Who needs a 4s?", "Who needs a 4?"],
    [
      "What is the difference between a pump and a valve and a seal?",
      "What is the difference between a valve and a seal and a pump?",
    ],
    ["What happens at 5 bar?", "What happens at -5 bar?"],
    ["Who was the director?", "Who is the director?"],
    ["Should I use version 1.2?", "Should I use version 1.12?"],
    ["Can I do it with a permit?", "Can I do it without a permit?"],
    ["What is process engineering?", "What does a process engineer do?"],
    ["How do I know it works?", "How can I make it work?"],
    ["We were friends at no time.", "We were friends in no time."],
    ["Well water testing rules", "Water testing rules"],
    ["OK sales tax rate?", "Sales tax rate?"],
    ["How do I turn on the alarm?", "How do I turn in the alarm?"],
    ["How do I turn the alarm on?", "How do I turn the alarm in?"],
    ["How can I put on the badge?", "How can I put in the badge?"],
    ["What is the top speed?", "What is the best speed?"],
    ["What are the benefits of part-time staff?", "What are the advantages of part-time staff?"],
  ])("keeps %s and %s apart", (one, other) => {
    expect(form(one)).not.toBe(form(other));
  });

  it.each(["", "?", "What is the?"])("is none for %j", (text) => {
    expect(questionForm(text)).toBeNull();
  });
});
