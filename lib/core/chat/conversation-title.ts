import { smallTalkOf } from "./small-talk.ts";

const longest = 72;

/** Before what is asked; taken off again and again, so that "Hi, could you please tell me" goes as a whole. */
const greetings = [
  /^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|guten (?:tag|morgen|abend)|moin|servus|bonjour|bonsoir|salut|hola|buenos días|buenas tardes)(?: (?:there|all|everyone|drover|team|zusammen))?[\s,.!:–-]+/iu,
  /^(?:please|pls|kindly|bitte|por favor|s'il (?:te|vous) pla[iî]t)[\s,:]+/iu,
  /^(?:my|a|one|another|quick|short|a quick|another quick) question(?: (?:about|on) [^:,]+)?[:,–-]\s*/iu,
] as const;

/** What turns a question into an indirect one, without its mark. */
const requests = [
  /^(?:(?:can|could|would|will) (?:you|anyone|someone|somebody)(?: please| kindly| maybe)? )?(?:(?:tell|show|explain to|give) (?:me|us)|explain|describe|find out|let me know|help me understand)(?: please)? (?=(?:about|what|who|whom|whose|when|where|why|how|which|whether|if|the|a|an|our|my)\b)/iu,
  /^(?:i(?:'d| would) (?:like|love) to|i (?:want|need|have) to|do you|does anyone|can you) (?:know|find out|understand|learn)(?: about| if you know)? (?=\p{L})/iu,
  /^(?:i(?:'m| am) (?:wondering|curious|trying to find out|looking for)|i wonder)(?: about)? (?=\p{L})/iu,
  /^(?:about|whether|if) (?=(?:the|a|an|our|my|your)\b)/iu,
  /^(?:(?:kannst|könntest) du|(?:können|könnten) sie)(?: mir| uns)?(?: bitte)? (?:sagen|erklären|zeigen)[\s,]+/iu,
  /^(?:sag|sage|erklär|erkläre|zeig|zeige)(?: mir| uns)(?: bitte)?[\s,]+/iu,
  /^(?:peux-tu|pouvez-vous|pourrais-tu|pourriez-vous)(?: me| nous)? (?:dire|expliquer) /iu,
  /^(?:puedes|podrías|puede|podría)(?: decirme| explicarme) /iu,
] as const;

/** Openings of a question whose rest can stand as a heading, and what they become. A rest that would not read well keeps its question. */
const openings: readonly (readonly [RegExp, string])[] = [
  [
    /^what(?:'s| is| are| was| were)(?: exactly)? (?:the |an? )?(?=(?:(?:our|my|your|their|its|his|her|this|these)\b)|(?<=the |an? )\p{L})/iu,
    "",
  ],
  [
    /^(?:how (?:do|can|should|could|would|must)) (?:i|we|you|one|people|someone) (?=\p{L})/iu,
    "How to ",
  ],
  [/^(?:where (?:do|can|should|could)) (?:i|we|you|one|people) (?=\p{L})/iu, "Where to "],
  [
    /^was (?:ist|sind|war|waren)(?: genau)? (?=(?:der|die|das|ein|eine|unser|unsere|mein|meine)\b)/iu,
    "",
  ],
  [
    /^(?:quel|quelle|quels|quelles) (?:est|sont|était|étaient) (?=(?:l'|le |la |les |notre |mon ))/iu,
    "",
  ],
  [/^¿?(?:cuál|cuáles|qué) (?:es|son|era|eran) (?=(?:el|la|los|las|nuestro|nuestra|mi)\b)/iu, ""],
];

/** "What is the weather like?" and the like are no headings without their opening. */
const leftHanging = /(?:^| )(?:like|mean|called|about|for|of|to|in|on|at|with|do|from)$/iu;

const endsOpen =
  /[\s,;:–-]+(?:a|an|the|of|in|on|at|to|for|from|by|with|and|or|but|that|which|is|are|was|were|as|than|der|die|das|den|dem|des|ein|eine|und|oder|von|für|mit|im|am|zum|zur|beim|in|le|la|les|de|du|des|et|pour|el|los|y|para|con)$/iu;

/** Whether a title made from a greeting says nothing yet: the next question gives a better one. */
export const saysNothingYet = (title: string): boolean => smallTalkOf(title) !== null;

/**
 * The title of a chat from its first question: what it is about, without greetings, courtesies and the question's opening, cut
 * between words. No model is asked: a title is there with the question and costs nobody a slot.
 */
export function conversationTitle(question: string): string {
  const line = askingLine(question);
  if (line === "" || smallTalkOf(line) !== null) return shortened(line);
  return shortened(asHeading(withoutCourtesies(line)));
}

/** The line that asks: the first question where one stands among other sentences, else the first line with words. */
function askingLine(question: string): string {
  const lines = question
    .replace(/```[\s\S]*?(?:```|$)/gu, "\n")
    .split(/[\r\n]+/u)
    .map((line) => line.replace(/\s+/gu, " ").trim())
    .filter((line) => /[\p{L}\p{N}\p{Emoji_Presentation}]/u.test(line));
  const [first] = lines;
  if (first === undefined) return question.replace(/[`\s]+/gu, " ").trim() || question.trim();
  const sentences = lines.flatMap((line) =>
    line.split(/(?<=[.!?…。？！]["'”)]?)\s+(?=[\p{Lu}\p{Lo}¿])/u),
  );
  const asked = sentences.find((sentence) => /[?？]["'”)]?$/u.test(sentence) && !isTalk(sentence));
  return (asked ?? sentences.find((sentence) => !isTalk(sentence)) ?? first).replace(
    /^(?:[#>*•-]+|\d+[.)])\s+/u,
    "",
  );
}

const isTalk = (sentence: string): boolean => smallTalkOf(sentence) !== null;

function withoutCourtesies(line: string): string {
  const direct = withoutAny(line, greetings);
  const rest = withoutAny(direct, [...greetings, ...requests]);
  const tidy = rest.replace(/[\s,]+(?:please|bitte|pls)(?=[.?!]*$)/iu, "");
  return rest === direct ? tidy : tidy.replace(/[\s?？]+$/u, "");
}

function withoutAny(line: string, starts: readonly RegExp[]): string {
  const shorter = starts.reduce((text, start) => text.replace(start, ""), line);
  return shorter === line || shorter.trim() === "" ? line : withoutAny(shorter, starts);
}

function asHeading(line: string): string {
  for (const [opening, instead] of openings) {
    const rest = line.replace(opening, instead);
    const heading = rest.replace(/[\s?？.!]+$/u, "");
    if (rest !== line && heading !== "" && !leftHanging.test(heading)) return capitalised(heading);
  }
  return capitalised(line.replace(/(?<!\.)[.\s]+$/u, ""));
}

/** Names that are written small, and code, stay as they are. */
function capitalised(text: string): string {
  const [word = ""] = text.split(" ", 1);
  return /^\p{Ll}[\p{Ll}'’-]*[,:]?$/u.test(word)
    ? text.charAt(0).toLocaleUpperCase("en") + text.slice(1)
    : text;
}

function shortened(line: string): string {
  const text = line.replace(/\bhttps?:\/\/(?:www\.)?([^\s/?#]+)\S*/giu, "$1");
  const characters = [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)];
  if (characters.length <= longest) return text;
  const cut = characters
    .slice(0, longest - 1)
    .map(({ segment }) => segment)
    .join("");
  const lastSpace = cut.lastIndexOf(" ");
  let whole = lastSpace > longest / 3 ? cut.slice(0, lastSpace) : cut;
  while (endsOpen.test(whole)) whole = whole.replace(endsOpen, "");
  return `${whole.replace(/[\s,;:–-]+$/u, "")}…`;
}
