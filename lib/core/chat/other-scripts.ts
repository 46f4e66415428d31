/** Thai, Lao, Burmese, Khmer, the Japanese syllables and Chinese letters: scripts that put no spaces between words. */
const unspaced =
  /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]/u;

/** Greek and all that comes after it but for punctuation and signs. */
const other = /[\u0370-\u1fff\u2e80-\ufdff\ufe70-\uffef]|[\ud800-\udfff]/;

/** Is there a letter of a script that is not Latin? Never says no where one is. */
export const hasOtherScript = (text: string): boolean => other.test(text);

export const isUnspaced = (word: string): boolean => unspaced.test(word);

// The longest first. They ask, or join what stands beside them.
const asking =
  /为什么|為什麼|什么时候|什麼時候|哪个|哪個|哪些|何时|何時|怎么样|怎麼樣|什么|什麼|怎么|怎麼|怎样|怎樣|多少|哪里|哪裡|哪儿|如何|是否|谁|誰|几|幾|吗|嗎|呢|的|了|是|在|เมื่อไหร่|เมื่อไร|เท่าไหร่|เท่าไร|อย่างไร|ที่ไหน|ทำไม|อะไร|ใคร|หรือไม่|หรือ|ไหม|กี่/u;
/** Grammar in Japanese: endings, particles and the words that ask. */
const syllables = /[\u3041-\u309f]+/u;

/** Overlapping pairs of the letters of a run without spaces, grammar and question words left out where anything else is there. */
export function unspacedStems(run: string): readonly string[] {
  const parts = run.split(asking).flatMap((part) => part.split(syllables));
  const pairs = parts.flatMap(pairsOf);
  return pairs.length > 0 ? pairs : pairsOf(run);
}

function pairsOf(part: string): readonly string[] {
  const letters = Array.from(part);
  if (letters.length < 3) return letters.length < 2 ? [] : [part];
  return letters.slice(1).map((letter, at) => `${letters[at] ?? ""}${letter}`);
}

/** Words that ask or only join, of languages whose letters no other word of another language has. */
const joining = new Set(
  [
    "מי מה את של על איפה היכן מתי כמה איך איזה איזו האם הוא היא הם זה זו עם לא או כל אל",
    "من ما ماذا هل اين متي كم كيف اي في علي الي عن مع هو هي هذا هذه ذلك كل او ان",
    "кто что где когда как какой какая какое какие сколько почему куда чей в во на и из к ко с со по для от о об это он она оно они его её их а но или ли",
    "누구 누구인가 누가 무엇 무엇인가 언제 언제인가 어디 어디인가 어떻게 얼마 얼마나 얼마인가 몇 왜 어느 어떤 무슨 그 이 저",
    "ποιος ποια ποιο ποιον ποιοι τι που πού πότε πόσο πόσα πώς γιατί ο η το οι τα τον την του της των τους τις και σε με για από στο στη στην στον είναι να",
  ]
    .join(" ")
    .split(" "),
);

export const onlyJoins = (word: string): boolean => joining.has(sameArabic(word));

/** Vowel signs that are written or left out as one likes. */
const vowelSigns = /[\u0591-\u05c7\u0640\u064b-\u0652\u0670]/gu;
const hebrewPrefix = /^[ובהכלמש]{1,2}(?=\p{Script=Hebrew}{3})/u;
const arabicPrefix = /^(?:[وفبك]?ال|لل|[وف])(?=\p{Script=Arabic}{3})/u;
const sameArabic = (word: string): string =>
  word.replace(/[أإآ]/gu, "ا").replace(/ى/gu, "ي").replace(/ة$/u, "ه");

/** Korean verbs end in many ways: their first two syllables say what is done. */
export const koreanStem = (word: string): string =>
  /^[\uac00-\ud7a3]{3}/u.test(word) ? word.slice(0, 2) : word;

/** What a Korean noun takes at its end, where two syllables are left. */
const koreanParticle =
  /(?<=\p{Script=Hangul}{2})(?:에서|에게|으로|까지|부터|처럼|보다|이다|입니다|은|는|이|가|을|를|의|에|로|와|과|도|만)$/u;

/**
 * Hebrew and Arabic words without the article, "and", "in" and "to", and Korean ones without the particle, that are written as one with
 * them; others as they are.
 */
export function withoutParticles(word: string): string {
  if (/[\uac00-\ud7a3]/u.test(word)) return word.replace(koreanParticle, "");
  if (!/[\u0590-\u06ff]/u.test(word)) return word;
  const plain = sameArabic(word.replace(vowelSigns, ""));
  return plain.replace(hebrewPrefix, "").replace(arabicPrefix, "");
}
