import { isStopWord, wordsOf } from "../chat/words.ts";
import { isParticle, questionForm, singular } from "./question-form.ts";
import type { VetoKind } from "./veto-kinds.ts";
import { vetoes } from "./vetoes.ts";

/**
 * Whether two wordings ask the same but for words that seldom change an answer: manner ("properly"), degree of praise ("most useful"),
 * who asks, the meaning of a thing and the thing. It proves nothing by itself: what both wordings find in the documents has to agree.
 */
export function areNearForms(one: string, other: string): boolean {
  // What is no question is compared word for word: "in no time" is not "at no time".
  if ([one, other].some((text) => questionForm(text)?.frame === "statement")) return false;
  const [own, others] = [nearForm(one), nearForm(other)];
  if (own !== null && own === others) return true;
  return differIdly(one, other);
}

type Rewrite = readonly [RegExp, string];

// Over the text of a form, whose words are stems.
const idleParts: readonly Rewrite[] = [
  [/ (?:through|via|using|by)(?= )/g, " by"],
  [/ (?:easily|efficiently|effectively|properly|successfully)(?= |$)/g, ""],
  [/ (?:most|really|so) (?=\p{L})/gu, " "],
  [/ (?:som|any)(?= |$)/g, ""],
  [/ (?:hav|has|been|being)(?= |$)/g, ""],
];
const persons = / (?:we|i|you|one)(?= |$)/g;

function nearForm(question: string): string | null {
  const form = questionForm(question)?.text;
  if (form === undefined) return null;
  const text = idleParts.reduce(
    (changed, [pattern, by]) => changed.replace(pattern, by),
    form.replace(/^what-was:/, "what-is:").replace(/^what-mean:/, "what-is:"),
  );
  // Who asked whom matters: with two persons in it each stays who it is.
  return (text.match(persons)?.length ?? 0) > 1 ? text : text.replace(persons, " i");
}

const idleFunctionWords = new Set(
  "a an the is are be been being do does have has can could some any that it please".split(" "),
);
const alike: Readonly<Record<string, string>> = {
  ...{ my: "own", your: "own", our: "own" },
  ...{ in: "of", on: "of", at: "of", for: "of", about: "of" },
  ...{ through: "by", via: "by", using: "by" },
};
const only = new Set<VetoKind>(["word"]);
const anyPerson = new Set("i you we one".split(" "));

/** The same words that mean something in the same order, and of the others only those that carry no part of the question. */
function differIdly(one: string, other: string): boolean {
  if (vetoes(one, other).some(({ kind }) => !only.has(kind))) return false;
  return skeleton(one) === skeleton(other);
}

function skeleton(question: string): string {
  const words = wordsOf(question).filter((word) => !idleFunctionWords.has(word));
  const isOne = words.filter((word) => anyPerson.has(word)).length === 1;
  const said = words.map((word, index) => {
    if (isOne && anyPerson.has(word)) return "i";
    if (isParticle(word, index, words)) return word;
    return alike[word] ?? (isStopWord(word) ? word : singular(word));
  });
  // A final "do" asks for the action.
  return [...said, ...(/\bdo(?:es)?\W*$/i.test(question) ? ["do"] : [])].join(" ");
}
