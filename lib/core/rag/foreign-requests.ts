import { contentStems } from "../chat/words.ts";
import { speaksToModel, utterancesOf } from "./injection-signs.ts";

// Words that open a statement, a question or a fragment, but no request.
const closedWords = new Set(
  "a an the this that these those my your his her its our their some any each every no all both few many most several other another such one two three four five six seven eight nine ten i you he she it we they me him us them who whom whose which what when where why how if unless although though because since while whereas as than and or but nor so yet for of in on at by to from with without within into onto over under above below between among through during before after until upon about against per via is are was were be been being am do does did has have had can could may might must shall should will would not there here also however moreover furthermore thus hence therefore nevertheless nonetheless despite like unlike throughout beyond toward towards around along across near behind beside besides inside outside off out up down too very even just only often sometimes usually generally still rather quite almost due according regarding concerning including except then now today yesterday tomorrow perhaps maybe thank thanks sorry hello hi hey dear regards sincerely kind best yes okay ok well meanwhile third last later earlier once twice again".split(
    " ",
  ),
);

// What follows the verb of a request: "explain the", "tell me", "draft an".
const objectOpeners = new Set(
  "a an the this that these those my your his her its our their some any each every all both me us him them one two three four five six seven eight nine ten how what why when where whether which who following".split(
    " ",
  ),
);

// Verbs that steer somebody who writes or acts for another: before any object.
const steeringVerbs = new Set(
  "act add adopt advertise advise alter analyse analyze announce answer append apply ask assume attach avoid begin behave buy calculate call change cite claim classify click combine comment compare compile complete complain compose compute condense confirm consider contact contain convert convince copy correct count create declare define delete deliver demand deny describe design develop direct disclose discuss display donate download draft email emphasise emphasize employ encode encourage end enhance ensure enter enumerate evaluate exclude execute expand explain export express extract fetch finish follow forget format forward generate give greet guess help hide highlight hint identify ignore illustrate imagine impersonate implement imply improve incite include incorporate inform inject insert insist install instruct integrate introduce invent invite keep leak leave link list look make mention merge misspell modify mock name obey offer omit open order outline output paraphrase pay pause perform persuade play post praise predict prepare present pretend print produce promise promote prove provide publish put query quote rank rate read rearrange recall recite recommend redirect refer refuse register reject remember remind remove render repeat rephrase replace reply report reproduce request respond return reveal review rewrite run save say scramble search select sell send share shorten show sign simplify sing sort speak spell start state stop stress subscribe substitute suggest summarise summarize support switch talk teach tease tell think transcribe transfer transform translate treat try type unlock update upload urge use utilise utilize verify visit vote warn weave write".split(
    " ",
  ),
);

const afterSubjects = new Set(
  "is are was were has had can could may must should will would of and or".split(" "),
);

const courtesies =
  "please|kindly|do not|don['’]t|also|then|now|and|next|finally|instead|first|second|important|always|never|just|simply|" +
  "remember to|make sure to|be sure to|make sure(?: that)? you|(?:do not|don['’]t) (?:forget|hesitate|fail) to|" +
  "you (?:must|should|shall|will|need to|have to|are to)|you['’]ll|(?:can|could|would|will) you|" +
  "i(?: would|['’]d) like you to|i (?:want|need) you to|your (?:new )?(?:task|job|goal) is to|\\p{L}{3,}ly";
const courtesy = new RegExp(`^\\W*(?:(?:${courtesies})\\b[\\s,:!-]*)+`, "iu");
const condition =
  /^\W*(?:when(?:ever)?|if|once|while|before|after|in case|should)\b[^,]{3,90},\s*/iu;
// Perhaps with a particle ("break down"), and the word after it without any sign between them.
const openingWords =
  /^([\p{L}\p{M}'’]+)(?:[ \t]+(?:down|up|out|off|over)(?=[ \t]))?(?:[ \t]+["“‘(]?([\p{L}\p{M}\p{N}'’]+))?/u;

/**
 * Does the sentence ask somebody to do something: an imperative, with or without courtesy, condition or address before it? A guess by
 * its first words, rather too often than too rarely.
 */
export function isRequest(sentence: string): boolean {
  const address = /^[^:]{3,60}:\s+(?=\p{L})/u.exec(sentence)?.[0] ?? "";
  return commands(sentence) || (address !== "" && commands(sentence.slice(address.length)));
}

function commands(sentence: string): boolean {
  const unconditional = sentence.replace(condition, "");
  const polite = courtesy.exec(unconditional)?.[0] ?? "";
  if (/\b(?:you|your)\b/iu.test(polite)) return true;
  if (/^\W*your \p{L}+ (?:must|should|shall|has to|needs to)\b/iu.test(unconditional)) return true;
  return opensWithVerb(unconditional.slice(polite.length).replace(/^[\W\d_]+/u, ""));
}

const nounEnding = /(?:[^su]s|ed|ing|ly|tion|ment|ness|ity|['’]s)$/u;

function opensWithVerb(words: string): boolean {
  const [, first = "", second = ""] = openingWords.exec(words) ?? [];
  const [verb, next] = [first.toLowerCase(), second.toLowerCase()];
  // A name, or a subject with its verb.
  if (/^\p{Lu}/u.test(first) && /^\p{Lu}/u.test(second)) return false;
  if (afterSubjects.has(next)) return false;
  if (steeringVerbs.has(verb)) return true;
  const mayBeVerb = verb.length > 1 && !closedWords.has(verb) && !nounEnding.test(verb);
  return mayBeVerb && objectOpeners.has(next);
}

const isQuestion = (sentence: string): boolean => /[?？]["'”’»)\]]*$/u.test(sentence);

/** Rows of tables and lines of programs ask nobody for anything. */
function isProse(sentence: string): boolean {
  const [line = ""] = sentence.split("\n", 1);
  return !(
    /^\s*(?:\||\/\/|\/\*|\*\/|#\[|#include\b|@|[-+*]?\s*$)/u.test(line) ||
    /^\s*(?:import|from|def|class|return|const|let|var|fn|pub|use|impl|struct|public|private|static)\b.*[(){};:=<]/u.test(
      line,
    ) ||
    /[{};]\s*$|=>|->|::|\w\(\w*\)|\s==?=?\s*[\w"'([{]+[;)]/u.test(line)
  );
}

/** Of its own words, what a request must have in common with its surroundings. */
const leastSharedShare = 0.25;
// They stand beside anything, or speak of the text itself.
const anywhereStems = new Set(
  contentStems(
    "good better best new old work use thing way part time place word follow number day document text page passage question answer",
  ),
);

interface Utterance {
  readonly start: number;
  readonly end: number;
  readonly words: string;
  readonly isAsked: boolean;
  /** A request or a question. */
  readonly seeks: boolean;
  readonly stems: ReadonlySet<string>;
  readonly isProse: boolean;
}

/** A passage as a model may see it and as sentences may rest on it. */
export interface ReadPassage {
  /** Without what speaks to a model, and without requests and questions that belong neither to the passage nor to what was asked. */
  readonly told: string;
  /** Without questions too, which state nothing, and without statements that nothing around them speaks of. */
  readonly stated: string;
}

/**
 * Takes out what somebody may have written into a document to steer whoever reads it. A manual is full of requests and a list of
 * questions full of questions: those share words with one another, with what is asked or with the title. One that does not is an
 * intruder.
 * @param surroundings what the passage is known to be about: its title and headings, the question
 */
export function withoutForeignRequests(text: string, surroundings: string): ReadPassage {
  const utterances = utterancesOf(text).map(({ start, end }): Utterance => {
    const words = text.slice(start, end);
    const isAsked = isQuestion(words);
    const proses = isProse(words);
    const seeks = proses && (isAsked || isRequest(words));
    const stems = new Set(contentStems(words));
    return { start, end, words, isAsked, seeks, stems, isProse: proses };
  });
  const known = knownStems(utterances, surroundings);
  const told = utterances.filter(
    ({ words, seeks, stems }) => !speaksToModel(words) && (!seeks || belongs(stems, known)),
  );
  const strangers = strangersAmong(told, surroundings);
  const stated = told.filter((one) => !one.isAsked && !strangers.has(one));
  return {
    told: joined(text, told, utterances.length),
    stated: joined(text, stated, utterances.length),
  };
}

const belongs = (stems: ReadonlySet<string>, known: ReadonlySet<string>): boolean =>
  [...stems].filter((stem) => known.has(stem) && !anywhereStems.has(stem)).length >=
  Math.max(1, stems.size * leastSharedShare);

/**
 * Words of what belongs together: the surroundings and what the passage states; where it states little, also the largest group of
 * requests that share words, for the steps of a manual need each other only.
 */
function knownStems(utterances: readonly Utterance[], surroundings: string): ReadonlySet<string> {
  const known = new Set(contentStems(surroundings));
  for (const { seeks, stems } of utterances) if (!seeks) for (const stem of stems) known.add(stem);
  const open = new Set(utterances.filter(({ seeks, words }) => seeks && !speaksToModel(words)));
  let largest: readonly Utterance[] = [];
  while (open.size > 0) {
    const group = groupOf(open);
    if (group.length > largest.length) largest = group;
  }
  if (largest.length >= leastGroup) for (const stem of sharedStems(largest)) known.add(stem);
  return known;
}

const tellingStems = (stems: Iterable<string>): readonly string[] =>
  [...stems].filter((stem) => !anywhereStems.has(stem));

/**
 * Sentences of prose that are linked by shared words neither with the surroundings, directly or through others, nor with the largest
 * group of sentences: whatever they say, the passage does not speak of it.
 */
function strangersAmong(
  utterances: readonly Utterance[],
  surroundings: string,
): ReadonlySet<Utterance> {
  if (utterances.length < leastGroup) return new Set();
  const open = new Set(utterances);
  const groups = [takeLinked(open, new Set(tellingStems(contentStems(surroundings))))];
  while (open.size > 0) groups.push(groupOf(open));
  const largest = groups.reduce((most, group) => (group.length > most.length ? group : most));
  const strange = groups.slice(1).filter((group) => group !== largest);
  return new Set(strange.flat().filter((one) => one.isProse));
}

/** Stems that at least two of them hold. */
function sharedStems(group: readonly Utterance[]): readonly string[] {
  const seen = new Set<string>();
  return group.flatMap(({ stems }) =>
    [...stems].filter((stem) => {
      if (seen.has(stem)) return true;
      seen.add(stem);
      return false;
    }),
  );
}

/** An intruder may have several sentences; a list of steps has more. */
const leastGroup = 3;

/** Takes the first utterance out of `open`, with all that are linked with it by shared words. */
function groupOf(open: Set<Utterance>): readonly Utterance[] {
  const [first] = open;
  if (first === undefined) return [];
  open.delete(first);
  return [first, ...takeLinked(open, new Set(tellingStems(first.stems)))];
}

/** Takes out of `open` what shares a word with `stems`, or with something taken before. */
function takeLinked(open: Set<Utterance>, stems: Set<string>): readonly Utterance[] {
  const linked: Utterance[] = [];
  for (;;) {
    const next = [...open].find((one) => [...one.stems].some((stem) => stems.has(stem)));
    if (next === undefined) return linked;
    open.delete(next);
    linked.push(next);
    for (const stem of tellingStems(next.stems)) stems.add(stem);
  }
}

/** The utterances in lines of their own; the text itself when none was left out. */
function joined(text: string, kept: readonly Utterance[], of: number): string {
  return kept.length === of ? text : kept.map(({ words }) => words).join("\n");
}
