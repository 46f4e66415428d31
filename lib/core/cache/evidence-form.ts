import { contentStems, isStopWord, wordsOf } from "../chat/words.ts";
import { splitSentences } from "../rag/sentences.ts";
import { isParticle, questionForm, singular } from "./question-form.ts";

/** What a fresh search for the asked wording found: the sentence that answers both wordings, and all that was read with it. */
export interface SharedEvidence {
  readonly quote: string;
  readonly passages: readonly string[];
}

/**
 * Whether two wordings that one sentence of the documents answers differ only by what that sentence makes idle: function words that carry
 * no part of the question, a compound for "of" ("reset the account password", "reset the password of the account"), idle words, and of the
 * wording asked now words that every sentence found about the rest says as well. Vetoes have to be asked before.
 */
export function sameByEvidence(cached: string, asked: string, evidence: SharedEvidence): boolean {
  // A statement's idioms hang on their small words: "in no time" is not "at no time".
  if ([cached, asked].some((text) => questionForm(text)?.frame === "statement")) return false;
  const [own, others] = [skeletonOf(cached), skeletonOf(asked)];
  const [loose, otherLoose] = [loosened(own), loosened(others)];
  if (loose.join(" ") === otherLoose.join(" ")) return true;
  if (turnsInto(own, others) || turnsInto(others, own)) return true;
  return (
    functionWordsOf(loose) === functionWordsOf(otherLoose) && addsNothing(cached, asked, evidence)
  );
}

const idleFunctionWords = new Set(
  "a an the is are was were be been being am do does have has had can could would will should may might some any that it please this so ever just which what my your our if".split(
    " ",
  ),
);
const alike: Readonly<Record<string, string>> = {
  ...{ in: "of", on: "of", at: "of", for: "of", about: "of" },
  ...{ through: "by", via: "by", using: "by", during: "while" },
};
const persons = new Set("i you we one me us".split(" "));

/** Every word that counts, function words as they are, others without a plural ending. */
function skeletonOf(question: string): readonly string[] {
  // A reason asked for beside something else: an answer without one is still right.
  const words = wordsOf(question.replace(/(?<=\w.*)[,.]? (?:and )?why\W*$/i, ""));
  const kept = words.filter((word) => !idleFunctionWords.has(word));
  // Who asked whom matters: with two persons in it each stays who it is.
  const isOne = kept.filter((word) => persons.has(word)).length <= 1;
  const said = kept.flatMap((word, index) => {
    if (isOne && persons.has(word)) return [];
    if (isParticle(word, index, kept)) return [word];
    return [isStopWord(word) ? word : singular(word)];
  });
  // A final "do" asks for the action.
  return /\bdo(?:es)?\W*$/i.test(question) ? [...said, "do"] : said;
}

/** With prepositions that say the same of a thing in most questions as one; particles of verbs are none. */
const loosened = (skeleton: readonly string[]): readonly string[] =>
  skeleton.map((word, index) => (isParticle(word, index, skeleton) ? word : (alike[word] ?? word)));

const functionWordsOf = (loose: readonly string[]): string =>
  loose.filter((word) => isStopWord(word)).join(" ");

const turning = new Set(["of", "for"]);
/** Words before and after the preposition. */
const turned = [
  [1, 1],
  [1, 2],
  [2, 1],
] as const;

/** The one with one "b of a" read as "a b" is the other. */
function turnsInto(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length + 1) return false;
  const wanted = other.join(" ");
  return one.some(
    (word, place) =>
      turning.has(word) &&
      turned.some(([before, after]) => {
        const thing = one.slice(Math.max(0, place - before), place);
        const owner = one.slice(place + 1, place + 1 + after);
        if (thing.length < before || owner.length < after) return false;
        if ([...thing, ...owner].some((part) => isStopWord(part))) return false;
        const compound = [...owner, ...thing];
        const rest = one.slice(place + 1 + after);
        return [...one.slice(0, place - before), ...compound, ...rest].join(" ") === wanted;
      }),
  );
}

// With or without them the same is asked, whatever the subject. As they are written: "actually" is idle, "actual" may not be.
const idle = new Set(
  (
    "way ways thing things main someone somebody anyone anybody people person particular various actually absolutely exactly " +
    "really whole good useful properly possibly one simply basically literally truly own"
  ).split(" "),
);
const contentOf = (question: string): readonly string[] =>
  contentStems(
    wordsOf(question)
      .filter((word) => !idle.has(word))
      .join(" "),
  );
const mostMore = 3;
/** Of the words that both wordings share, how many the quoted sentence has to hold. */
const leastShared = 0.6;

function addsNothing(cached: string, asked: string, { quote, passages }: SharedEvidence): boolean {
  const [own, others] = [contentOf(cached), contentOf(asked)];
  const more = others.filter((word) => !own.includes(word));
  const shared = others.filter((word) => own.includes(word));
  // An answer to more may be none to less: all that the kept one says has to be asked, in its order.
  if (shared.length === 0 || shared.join(" ") !== own.join(" ")) return false;
  if (more.length > mostMore) return false;
  if (more.length === 0) return true;
  const quoted = new Set(contentStems(quote));
  const subject = shared.filter((word) => quoted.has(word));
  if (subject.length < leastShared * shared.length) return false;
  const speaking = passages
    .flatMap((text) => splitSentences(text).map(({ start, end }) => text.slice(start, end)))
    .map((sentence) => new Set(contentStems(sentence)))
    .filter((words) => subject.every((word) => words.has(word)));
  return more.every((word) => quoted.has(word) && speaking.every((words) => words.has(word)));
}
