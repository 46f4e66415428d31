import { dictations, overrides, personas, secrets } from "./foreign-injection-signs.ts";
import { splitSentences, type SentenceRange } from "./sentences.ts";

/** Why a text looks as if it spoke to a model instead of a reader. */
export type InjectionSign =
  | "override"
  | "addressed"
  | "answer"
  | "code"
  | "role"
  | "persona"
  | "secret"
  | "conceal"
  | "dictation";

/** Ways of telling somebody how to write: only together with what is written are they a sign; manuals are full of the rest. */
const asking =
  "add|alter|anagram|answer|append|ask|augment|blend|change|combine|compose|condense|convert|craft|deliver|discuss|don't hesitate|drop|eliminate|embed|encode|enhance|ensure|express|fold|format|give|group|implement|include|incorporate|infuse|inject|insert|integrate|intersperse|introduce|jumble|make|meld|mention|merge|misspell|mix|modify|omit|output|place|present|print|provide|put|rearrange|remove|render|repeat|replace|reply|respond|rewrite|say|scramble|send|slip|spell|state|substitute|swap|tell|transform|translate|type|use|weave|write";
const written =
  "answers?|communications?|messages?|outputs?|repl(?:y|ies)|responses?|text|texting|writing|words|sentences?";

const signs: readonly (readonly [InjectionSign, RegExp])[] = [
  [
    "override",
    /\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|above|prior|earlier|preceding|before|all|any|your|the|everything|what|whatever)\b.{0,30}\b(?:instructions?|instructed|prompts?|rules?|messages?|context|guidance|guidelines?|safety|told|said|tasks?|assignments?|(?:actual |real |user['’]?s? )+(?:question|request|query))\b/isu,
  ],
  [
    "override",
    /\b(?:previous|prior|earlier|above|former|your|safety|content) (?:instructions?|guidance|guidelines?|rules?|prompts?|directives?|filters?|restrictions?)\b.{0,30}\b(?:void|lifted|cancelled|canceled|obsolete|suspended|disabled|removed|no longer)\b/isu,
  ],
  [
    "override",
    /^\W*(?:new |updated |important |urgent |secret )*(?:instructions?|directives?|commands?|task|prompt)\b(?: (?:from|for|by|to) [^:.]{1,40})?\s*:/iu,
  ],
  [
    "addressed",
    /^\W*(?:(?:an? )?(?:important )?(?:note|notice|message|memo|instructions?|attention|dear|hey|hello|to)\b[^.:]{0,20})?\b(?:ai|llm|gpt|chatgpt|bot|language models?|chatbots?|(?:ai|virtual|digital) assistants?|assistants?(?= (?:reading|processing|summari[sz]ing)))s?\b[^.:]{0,40}[:,!]/iu,
  ],
  [
    "answer",
    new RegExp(
      `^\\W*(?:please |kindly |also |then |now |and |when (?:you )?(?:answer|reply|respond)\\w*,? )*(?:${asking})\\b.{0,120}\\byour (?:\\w+ ){0,3}(?:${written})\\b`,
      "isu",
    ),
  ],
  [
    "answer",
    /^\W*in your (?:next |final |own |whole )?(?:answer|message|output|reply|response)\b/iu,
  ],
  [
    "answer",
    /^\W*(?:please )?(?:reply|respond|answer)\b.{0,20}\b(?:in|with|using|by|without|as if|only|like)\b/isu,
  ],
  [
    "code",
    /^(?=.*\b(?:following|subsequent|below) code (?:block|excerpt|section|segment|snippet)\b)(?=.*(?:\byour (?:\w+ ){0,2}(?:algorithm|code|codebase|elucidation|implementation|program|response|solution)\b|\bcode you\b)).*$/isu,
  ],
  [
    "role",
    /<\|?\/?(?:im_start|im_end|system|assistant|endoftext|eot_id)\b|\[\/?INST\]|^\s*(?:#+\s*)?\[?(?:system|assistant)(?: (?:prompt|message|note|notice|instruction|override|update|command))?\]?\s*:/imu,
  ],
  [
    "persona",
    /\b(?:from (?:now|here|this (?:point|moment)) on(?:wards?)?,? you|you are now|you must now|pretend (?:to be|that you|you are)|act as (?:if you|an? (?:ai|assistant|chatbot|hacker|dan))|you are (?:an?|the) (?:ai|assistant|chatbot|language model)|as an ai\b)/iu,
  ],
  [
    "secret",
    /\b(?:reveal|print|show|repeat|leak|send|output|disclose|give)\b.{0,40}\b(?:system prompt|hidden prompt|your (?:instructions|prompt|configuration)|api keys?|secret key)\b/isu,
  ],
  [
    "conceal",
    /\b(?:do not|don['’]t|never)\b.{0,12}\b(?:tell|mention|reveal|inform|show|disclose)\b.{0,30}\b(?:the user|the reader|the person|them about this|this instruction)\b/isu,
  ],
  [
    "dictation",
    /^\W*(?:please |now |always )*(?:say|reply|respond|answer|output|print|write|state|repeat)(?: only| just| exactly| back)?(?: with| that| the following| these words)?\s*[:"“'‘]/iu,
  ],
];

/** Sentences, cut once more where a line begins with a capital: what is written between two lines rarely ends the one before. */
export function utterancesOf(text: string): readonly SentenceRange[] {
  return splitSentences(text).flatMap(({ start, end }) => {
    const breaks = [...text.slice(start, end).matchAll(/\n[ \t]*(?=["'“‘(*_-]*\p{Lu})/gu)];
    const starts = [start, ...breaks.map((found) => start + found.index + found[0].length)];
    const ends = [...breaks.map((found) => start + found.index), end];
    return starts.map((from, place) => ({ start: from, end: ends[place] ?? end }));
  });
}

// The passages of one question are looked at up to four times on the way to its answer, and those of popular ones again and again.
const rememberedTexts = 256;
const remembered = new Map<string, readonly InjectionSign[]>();

/** The signs that a text carries, each once; none for nearly all texts. */
export function injectionSigns(text: string): readonly InjectionSign[] {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const found = utterancesOf(text).flatMap(({ start, end }) => signsOf(text.slice(start, end)));
  const carried = [...new Set(found)];
  if (remembered.size >= rememberedTexts) remembered.clear();
  remembered.set(text, carried);
  return carried;
}

const everySign: typeof signs = [
  ...signs,
  ["override", overrides],
  ["dictation", dictations],
  ["persona", personas],
  ["secret", secrets],
];

const signsOf = (sentence: string): readonly InjectionSign[] => {
  return everySign.filter(([, pattern]) => pattern.test(sentence)).map(([sign]) => sign);
};

/** Does the sentence speak to a model, and to nobody else? Tutorials ask readers for code in the same words. */
export const speaksToModel = (sentence: string): boolean =>
  signsOf(sentence).some((sign) => sign !== "code");

/**
 * A text with blanks in the place of what speaks to a model: its words would else count as if the passage answered what they name.
 * As long as the text was.
 */
export function withoutSpeech(text: string): string {
  if (injectionSigns(text).length === 0) return text;
  return utterancesOf(text)
    .filter(({ start, end }) => speaksToModel(text.slice(start, end)))
    .reduce(
      (left, { start, end }) => left.slice(0, start) + " ".repeat(end - start) + left.slice(end),
      text,
    );
}
