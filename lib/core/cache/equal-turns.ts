/**
 * Turns of phrase and words that ask the same in any subject. What is here was chosen for its meaning, then counted on one half of the
 * labelled pairs; nothing is here that a document could tell apart (docs/decisions/2026-11-26-answer-cache.md).
 */

/** A pattern over a lower-case text, and what takes its place. */
export type Rewrite = readonly [RegExp, string];

export const anyPerson = "(?:i|we|you|one|someone|somebody|people|a person)";
const oneself = "(?:i|we|one|you)";

/** Before the frame of a question is read. */
export const equalTurns: readonly Rewrite[] = [
  [/^(?:in your opinion|according to you|in general|generally|basically),? (?=\p{L})/u, ""],
  [/,? (?:in your opinion|according to you)$/, ""],
  [/^(what|who|how|why|when|where) (?:exactly|actually|really|precisely) /, "$1 "],
  [/^how come\b/, "why"],
  [/^how is it to (?=be\b|work\b|live\b|study\b|meet\b)/, "what is it like to "],
  [/^what (?:happens|will happen|would happen) (?:if|when|once) /, "what happens if "],
  [
    /^how long (?:does|do|will|would) it take (?:(?:for )?(?:me|you|us|one|someone|a person) )?to /,
    "how long does it take to ",
  ],
  [/^what (?:is|are) the full forms? of (.+)$/, "what does $1 stand for"],
  [/^what (?:is|are) the definitions? of /, "what is the meaning of "],
  [
    /^(what|who|where)( is| are| was| were) ([\p{L}-]+)['’]s ((?:[\p{L}-]+ ){0,2}[\p{L}-]+)$/u,
    "$1$2 the $4 of $3",
  ],
  [/\bhow much time (?=(?:does|do|did|will|would) it take\b)/, "how long "],
  [
    new RegExp(
      `^(?:is it (?:even )?possible (?:for ${anyPerson} )?|is there (?:a|any) (?:possible )?ways? (?:for ${anyPerson} )?)to `,
    ),
    "can i ",
  ],
  // How I can export a list: how can I.
  [new RegExp(`^how ${oneself} (can|could|should) (?=\\p{L})`, "u"), "how $1 i "],
  [
    new RegExp(
      `^what (?:can|could|should|must|do|shall) ${anyPerson} (?:do|have to do|need to do) to (?!(?:do|be able)\\b)`,
    ),
    "how to ",
  ],
  [/^what (?:is|are) the (?:steps?|process|procedure)(?: (?:needed|required))? to /, "how to "],
  [
    new RegExp(
      `^how (?:can|could|do|would|should|to) (?:${oneself} )?(?:know|tell|find out) (?:if|whether) `,
    ),
    "how know if ",
  ],
  [
    /^what (?:do you think (?:about|of)|(?:is|are) your (?:opinions?|views?|thoughts?|take) (?:on|about|of)) /,
    "what is your opinion of ",
  ],
  [
    /^how (?:is|are|was|were) (.+?) different (?:from|than|to) (.+)$/,
    "what is the difference between $1 and $2",
  ],
  [/^how (?:do|does) (.+?) differ from (.+)$/, "what is the difference between $1 and $2"],
  [
    /^what (?:distinguishes|differentiates) (.+?) from (.+)$/,
    "what is the difference between $1 and $2",
  ],
  [/^what(?: is|'s)? the costs? of (.+)$/, "how much cost $1"],
  [/^(?:what is|what are) the (?:prices?|costs?) of (.+)$/, "how much cost $1"],
  [/^how much (?:do|does) (.+?) cost\b(?! (?:to|per|for))/, "how much cost $1"],
  [/^(.+?) or (.+?)[,:;]? (?:which|what)(?: one)? is (better|best)$/, "which is $3 $1 or $2"],
  [
    /^(?:which|what)(?: one)? is (better|best)[,:;-]? (?:between )?(.+?) (?:or|and) (.+)$/,
    "which is $1 $2 or $3",
  ],
  // A reason asked for beside an opinion: an answer without one is still right.
  [/^((?:what|which|who) (?:.* )?(?:best|worst|better|your)\b.*?),? (?:and )?why$/, "$1"],
];

/** Anywhere in a question. */
export const equalPhrases: readonly Rewrite[] = [
  [/\be-(?=mail|commerce|book)/g, "e"],
  [/(?<=\p{L}{2})-(?=\p{L}{2})/gu, " "],
  [/\b(?:kind|sort|type)s? of\b/g, "type of"],
  [/\b(?:earn|make) (?:some )?money\b/g, "make money"],
  [/\b(?:lose|loose|reduce) (?:some |my |the |your )?weight\b/g, "lose weight"],
  [/\bunited states(?: of america)?\b|\bu\.s\.a?\b/g, "usa"],
  [/\bunited kingdom\b|\bu\.k\b/g, "uk"],
  [/\bemails\b/g, "email"],
  [/\bwi fi\b/g, "wifi"],
  [/\bon line\b/g, "online"],
  [/\bsmart phone/g, "smartphone"],
  [/\b(?:cell ?phone|mobile phone)/g, "mobilephone"],
  [/\bweb[ -]?site/g, "website"],
  [/\b(?:it is|is it) (?:ok|okay|alright|all right) to\b/g, "is it okay to"],
];

const group = (to: string, from: string): readonly (readonly [string, string])[] =>
  from.split(" ").map((word) => [word, to] as const);

/** Single words, as they are written without a plural ending. */
const equalWords: ReadonlyMap<string, string> = new Map([
  ...group("favorite", "favourite"),
  ...group("color", "colour"),
  ...group("behavior", "behaviour"),
  ...group("labor", "labour"),
  ...group("neighbor", "neighbour"),
  ...group("center", "centre"),
  ...group("theater", "theatre"),
  ...group("license", "licence"),
  ...group("gray", "grey"),
  ...group("program", "programme"),
  ...group("programming", "programing"),
  ...group("mathematics", "math maths"),
  ...group("movie", "film"),
  ...group("movies", "films"),
  ...group("photo", "photograph"),
  ...group("photos", "photographs"),
  ...group("tv", "television"),
  ...group("information", "info"),
  ...group("exam", "examination"),
  ...group("exams", "examinations"),
  ...group("child", "kid kids children"),
  ...group("buy", "purchase"),
  ...group("buying", "purchasing"),
  ...group("start", "begin commence"),
  ...group("starting", "beginning commencing"),
  ...group("fast", "quickly quick rapidly"),
  ...group("rich", "wealthy"),
  ...group("main", "major"),
  ...group("disadvantage", "drawback downside"),
  ...group("disadvantages", "drawbacks downsides"),
  ...group("problem", "issue"),
  ...group("problems", "issues"),
  ...group("biggest", "largest"),
  ...group("scary", "frightening"),
  ...group("scariest", "most-frightening"),
]);

/** Verbs that a "how to" begins with: elsewhere "lower" may be no verb. */
const equalActions: readonly Rewrite[] = [
  [/^(?:lower|decrease|lessen) /, "reduce "],
  [/^(?:raise|boost) /, "increase "],
  [/^enhance /, "improve "],
  [/^(?:quit|give up) (?=\p{L}+ing\b)/u, "stop "],
  [/^(?:remove|eliminate) /, "get rid of "],
  [/^(?:cope with|handle) /, "deal with "],
  [/^get over /, "overcome "],
  [/^repair /, "fix "],
  [/^create /, "make "],
];

/** The one of several equal words that stands for all of them. */
export const equalWord = (word: string): string => equalWords.get(word) ?? word;

/** What follows "how to", with one verb for those that mean the same there. */
export const equalAction = (rest: string): string =>
  equalActions.reduce((text, [pattern, by]) => text.replace(pattern, by), rest);
