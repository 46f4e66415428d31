import { contentStems } from "./words.ts";

const personal = /\b(?:he|him|his|she|hers?|it|its|they|them|theirs?)\b/gi;
// "there is" and "it takes" point at nothing; "one" and "that" mostly neither.
const impersonal =
  /\b(?:is|are|was|were) there\b|\bthere (?:is|are|was|were)\b|\bit (?:is |was )?(?:true|possible|take|mean|mandatory|necessary|better|safe|legal|ok|okay|a good idea)s?\b|\b(?:is|was|does|would) it (?:true|possible|take|mean|necessary|better|safe|legal|ok|okay|a good idea|matter|make sense)\b/gi;
const pointing =
  /\b(?:this|these|those)\b|\bthat(?=\s*[?.!,]|\s*$)|\b(?:about|like|of|for|in|to|with|than|after|before|does|is|was|did|do|mean by) that\b|\b(?:the|that|another|which|other) ones?\b|\bthe (?:former|latter|same|other|others|rest|above|first|second|third|last|next|previous)(?=\s*(?:one|option|part|point|question)?\s*[?.!,]|\s*(?:one|option|part|point|question)?\s*$)|\b(?:what|who|where|how|anything) else\b|\bthere(?=\s*[?.!]|\s*$)/i;
const goingOn =
  /^(?:and|but|or|so|also|then|ok|okay|what about|how about|why not|how come|in that case|not|any|anything|some|more|tell me more|can you explain|elaborate)\b/i;
const goingOnWords = 4;
const fewWords = 2;

/**
 * False when a question probably needs the one before it to be understood: it points back, goes on, or names too little.
 * Measured on mtrag-human and on single questions: see the test beside this file for what it must tell apart.
 */
export function standsAlone(question: string): boolean {
  const text = question.trim();
  const content = contentStems(text).length;
  if (content === 0) return false;
  if (goingOn.test(text) && content <= goingOnWords) return false;
  if (content <= fewWords && !namesSomething(text)) return false;
  return !pointing.test(text.replace(impersonal, " ")) && !hasLoosePronoun(text);
}

/** A name or a number inside the question makes a short one whole: "Who was Tesla?". */
const namesSomething = (text: string): boolean => /(?<=\S\s)(?!I\b)\p{Lu}|\d/u.test(text);

/** A pronoun with a name or enough words before it refers to those; one at the start refers to what was said before. */
export function hasLoosePronoun(question: string): boolean {
  const text = question.replace(impersonal, " ");
  return [...text.matchAll(personal)].some((match) => {
    const before = text.slice(0, match.index);
    return !namesSomething(before) && contentStems(before).length < fewWords;
  });
}
