/** Each radical of the supplement with the letter it is: Unicode's EquivalentUnifiedIdeograph, its Basic Multilingual Plane. */
const supplement = Array.from(
  "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺈刀⺉刂⺊卜⺋㔾⺌小⺍尐⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爬⺦丬⺧牛⺨犭⺩王⺫目⺬示⺭礻⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺶羊⺹耂⺺肀⺻聿⺼肉⺾艹⺿艺⻀艻⻁虎⻂衤⻃覀⻄西⻅见⻆角⻈讠⻉贝⻋车⻌辶⻍辷⻎辸⻏邑⻐钅⻑長⻒镸⻓长⻔门⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟",
);
const letters = new Map(
  supplement.flatMap((radical, index) =>
    index % 2 === 0 ? [[radical, supplement[index + 1] ?? radical] as const] : [],
  ),
);

const radicals = /[\u2e80-\u2eff\u2f00-\u2fd5]/gu;

/**
 * Radicals of Chinese letters as the letters that look the same. A font draws both with one shape, so programs that write
 * PDF often name the radical (`⽕災` for `火災`), and nobody who types the word would find it. As long as the text was.
 */
export const withoutRadicals = (text: string): string =>
  text.replaceAll(radicals, (radical) => letters.get(radical) ?? radical.normalize("NFKC"));
