/** What kind of thing a question asks for, as far as its words tell. */
export type AnswerType = "person" | "place" | "time" | "number" | "any";

const patterns: readonly (readonly [AnswerType, RegExp])[] = [
  [
    "number",
    /\bhow (?:many|much|long|far|tall|big|large|old|high|deep|often|wide|fast|heavy)\b|\bwhat (?:percentage|percent|number|amount|share|proportion|fraction)\b/i,
  ],
  [
    "time",
    /\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade|time|era|period)\b|\bhow (?:long ago|recently)\b/i,
  ],
  [
    "person",
    /\bwho(?:m|se)?\b|\b(?:what|which) (?:person|man|woman|king|queen|emperor|president|author|scientist|player|actor|actress|singer)\b/i,
  ],
  [
    "place",
    /\bwhere\b|\b(?:what|which) (?:country|city|state|town|place|continent|region|county|island|river|location)\b/i,
  ],
];

export const answerTypeOf = (question: string): AnswerType =>
  patterns.find(([, pattern]) => pattern.test(question))?.[0] ?? "any";

const numberWords =
  "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty|thirty|forty|fifty|hundred|thousand|million|billion|dozen|half|twice|once|third|quarter";
const numberWord = new RegExp(`\\b(?:${numberWords})\\b`, "i");
// A bare year is no quantity.
const year = /^(?:1[5-9]|20)\d\d$/;
const holdsQuantity = (sentence: string): boolean =>
  (sentence.match(/\d+(?:[.,]\d+)*/g) ?? []).some((number) => !year.test(number));
const anyTime =
  /\b\d{3,4}s?\b|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|century|centuries|decade|year|years|spring|summer|autumn|winter|morning|today|yesterday|tomorrow|o'clock)\b|\b\d{1,2}:\d{2}\b/i;
const inPlace =
  /\b(?:in|at|on|near|from|to|of|into|across|between|through|around) (?:the )?\p{Lu}/u;
const name =
  /(?<=[\p{Ll}\d,;:)"'–-]\s(?:the )?)\p{Lu}[\p{L}.'-]+|^\p{Lu}[\p{L}.'-]+\s+(?:\p{Lu}|de |van |von |of )/u;

/** Does the sentence hold something of that kind? `any` asks for nothing. */
export function holdsAnswerType(sentence: string, type: AnswerType): boolean {
  switch (type) {
    case "number":
      return holdsQuantity(sentence) || numberWord.test(sentence);
    case "time":
      return anyTime.test(sentence);
    case "person":
      return name.test(sentence);
    case "place":
      return inPlace.test(sentence) || name.test(sentence);
    case "any":
      return true;
    default:
      return type satisfies never;
  }
}

// In forms and tables the kind of a value is said by its label, in none of the question's words: “Location: Soledad, CA”.
const labels: Readonly<Partial<Record<AnswerType, RegExp>>> = {
  place: labelled("location|place|address|venue|site|city|country|region"),
  time: labelled("date|time|day|month|year|deadline|due"),
  person: labelled("name|author|contact|owner|manager|editor|responsible|signed by|prepared by"),
};

/** A label at the start of a line or of a table's cell (“Site of accident:”, “Date & time:”), with something behind its colon. */
function labelled(words: string): RegExp {
  const more = "(?:\\s?(?:[&/(]|\\bof\\b|\\band\\b)[^:|\\n]{0,20})?";
  return new RegExp(
    `(?:^|\\||\\n)[ \\t]*(?:\\p{L}+ ){0,2}(?:${words})${more}\\s?:[ \\t]*[^\\s|]`,
    "iu",
  );
}

/** Does the text hold a value whose label says that it is of this kind? Never for numbers: their labels name what is counted. */
export const holdsLabelOf = (text: string, type: AnswerType): boolean =>
  labels[type]?.test(text) ?? false;
