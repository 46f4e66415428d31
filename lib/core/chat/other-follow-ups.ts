import { hasOtherScript, isUnspaced } from "./other-scripts.ts";

/** Begins as what goes on does: "and", "but", "then". */
const goingOn =
  /^[¿¡\s]*(?:(?:und|aber|et|y|pero|peki|ya|а|и|но|και|और|तो|그러면|그럼|그리고)\s|[וو](?=\p{L}{2})|那|では|じゃ|それで|แล้ว)/iu;
/** Ends as what takes up one thing more does: "and the Rhine?"; or asks why and nothing else. */
const takingUp =
  /(?:呢|は)[?？]?$|^(?:为什么|為什麼|なぜ(?:ですか)?|どうして(?:ですか)?|ทำไม)[?？]?$/u;
/** Points at what was said: pronouns that none of the languages beside it uses for anything else. */
const pointing =
  /(?<![\p{L}\p{M}]|(?:ما|من|מה|מי) )(?:sie|davon|darüber|dessen|deren|ihren?|seine[nmrs]?|sa|ses|suoi|jego|jej|onun|[Bb]undan|הוא|היא|הם|הן|זה|זאת|אותו|אותה|שלו|שלה|هو|هي|هم|ذلك|عنه|فيه|منه|он|она|оно|они|его|её|их|этом|этого|αυτό|αυτός|αυτή|αυτά|वह|यह|उसका|उसकी|उसके|उसे|इसका|इसकी|इसके|그것|이것|그)(?![\p{L}\p{M}])|它|(?<!其)他|她|其中|それ|これ|その|この|(?<!น้ำ)มัน(?!สำ|ฝรั่ง)|นั้น/u;
/** Asks for more of it. */
const more =
  /mehr (?:davon|darüber)|m'en plus|más sobre|di più|o tym więcej|daha fazla|עוד על|المزيد|подробнее|περισσότερα|再详细|再詳細|多说|もっと|और बता|เพิ่มเติม|더 자세히/iu;

/** Words of English questions that no other of these languages has: there "su" is a command, and "SA" a country. */
const english =
  /\b(?:the|of|what|how|are|does|did|who|when|where|why|which|for|with|can|should)\b/i;

const mostWords = 6;
const mostLetters = 14;
/** Vowels and tones stand beside the letters. */
const mostThaiLetters = 26;

function isShort(text: string): boolean {
  if (!isUnspaced(text)) return text.split(/\s+/u).length <= mostWords;
  return Array.from(text).length <= (/\p{Script=Thai}/u.test(text) ? mostThaiLetters : mostLetters);
}

/**
 * Does a turn in another language than English need those before it? By a few words alone, in fifteen languages; `null` where none of
 * them is there and the letters are Latin: then the signs that were fitted on English tell.
 * @param stems how many words carry meaning; of scripts without spaces, pairs of letters
 */
export function needsEarlierByWords(text: string, stems: number): boolean | null {
  if (english.test(text)) return null;
  if (more.test(text)) return true;
  const signs = [goingOn, takingUp, pointing];
  if (isShort(text) && signs.some((sign) => sign.test(text))) return true;
  return hasOtherScript(text) ? stems <= 1 : null;
}
