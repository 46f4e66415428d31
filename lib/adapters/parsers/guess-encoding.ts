const decode = (bytes: Uint8Array, encoding: string): string =>
  new TextDecoder(encoding).decode(bytes);

/** Eight-bit encodings of other scripts, each with the letters that make up about half of its texts. */
const eightBit: readonly (readonly [string, string])[] = [
  ["windows-1251", "оеаинтсрвл"],
  ["ibm866", "оеаинтсрвл"],
  ["koi8-r", "оеаинтсрвл"],
  ["windows-1256", "اليمنوتربة"],
  ["windows-1253", "αοιετσνηυρ"],
  ["windows-1255", "יוהלארתבשמ"],
  ["windows-874", "านรอกเงมยลวดทสคตห่้ีัิ"],
];

/** Encodings of two bytes a letter, each with what a good part of its texts is made of and the least such part. */
const twoBytes: readonly (readonly [string, RegExp, number])[] = [
  ["shift_jis", /[\u3041-\u30ff]/gu, 0.3],
  ["euc-jp", /[\u3041-\u30ff]/gu, 0.3],
  ["euc-kr", /[이다는의에을가고한지기로하도사]/gu, 0.15],
  [
    "gb18030",
    /[的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会]/gu,
    0.1,
  ],
  ["big5", /[的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會]/gu, 0.1],
];

/** Half a letter at the end of a sample is none of a text's own, and would pass for a fault. */
const sample = (bytes: Uint8Array): Uint8Array => {
  if (bytes.length <= sampleBytes) return bytes;
  const end = bytes.subarray(0, sampleBytes).lastIndexOf(0x0a);
  return bytes.subarray(0, end > sampleBytes / 2 ? end : sampleBytes);
};
const sampleBytes = 20_000;

/** Bytes of one script read as another's pairs give letters, too, but rarely its frequent ones, and never without a fault for long. */
function likelyPairs(seen: Uint8Array): string | null {
  for (const [encoding, frequent, least] of twoBytes) {
    const text = decode(seen, encoding);
    const letters = text.match(/[^\x00-\x7f]/gu)?.length ?? 0;
    const faults = text.match(/\ufffd/gu)?.length ?? 0;
    const found = text.match(frequent)?.length ?? 0;
    if (faults * 100 <= letters && found > letters * least) return encoding;
  }
  return null;
}

function likelyEightBit(seen: Uint8Array, high: number): string | null {
  let best: { readonly encoding: string; readonly share: number } | null = null;
  for (const [encoding, letters] of eightBit) {
    const text = decode(seen, encoding).toLowerCase();
    const share = Array.from(text).filter((letter) => letters.includes(letter)).length / high;
    if (share > (best?.share ?? 0.45)) best = { encoding, share };
  }
  return best?.encoding ?? null;
}

/**
 * What bytes that are not UTF-8 are likely written in; `null` where nothing fits, as with text of a mainframe.
 * Western text has a few letters outside ASCII, that of other scripts hardly any inside.
 */
export function guessEncoding(bytes: Uint8Array): string | null {
  const seen = sample(bytes);
  const high = seen.filter((byte) => byte >= 0x80).length;
  const latin = seen.filter((byte) => /[a-z]/i.test(String.fromCharCode(byte))).length;
  // Markup is Latin in every script, so a page may hold more tags than words.
  if (high < latin * 0.3) return "windows-1252";
  const other = likelyPairs(seen) ?? likelyEightBit(seen, high);
  return other ?? (high <= latin ? "windows-1252" : null);
}
