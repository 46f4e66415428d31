// Word pieces of an English word by its length in letters, a little above the mean that the vocabulary of
// all-MiniLM-L6-v2 gives on prose, code and papers. Chunks counted with it as 210 come out at 165-195, at most 240.
const piecesByLength: readonly number[] = [
  0, 1, 1, 1.05, 1.1, 1.15, 1.25, 1.35, 1.4, 1.5, 1.65, 1.7, 1.85, 2.1, 2.5, 3,
];

const word = /[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu;

const isAscii = (text: string): boolean => /^[\x20-\x7e]+$/.test(text);

function digitPieces(digits: string): number {
  if (digits.length <= 2) return 1;
  if (digits.length === 4 && /^(?:19|20)/.test(digits)) return 1.4;
  return digits.length / (digits.length < 7 ? 2 : 1.6);
}

function letterPieces(letters: string): number {
  const length = letters.length;
  if (!isAscii(letters)) {
    // Accents fall away before the vocabulary is asked; other scripts have little more than single characters in it.
    return /^[a-z\u00c0-\u024f\u0300-\u036f]+$/i.test(letters) ? Math.max(1, length / 2.2) : length;
  }
  const usual = piecesByLength[length] ?? length / 2.2;
  if (length <= 3) return usual;
  // Letter codes and enciphered text have no words in them; names and identifiers have some.
  const vowels = letters.match(/[aeiouy]/gi)?.length ?? 0;
  if (vowels < length / 4) return Math.max(usual, length / 1.4);
  return /[A-Z]/.test(letters) ? Math.max(usual, length / 3.2) : usual;
}

function pieces(token: string): number {
  const first = token.codePointAt(0) ?? 0;
  if (first > 0xffff) return 1;
  if (!/[\p{L}\p{M}\p{N}]/u.test(token)) return 1;
  const hasDigit = /\d/.test(token);
  if (!hasDigit) return letterPieces(token);
  return /^\d+$/.test(token) ? digitPieces(token) : Math.max(1, token.length / 1.6);
}

/** The beginning of a text that holds at most `limit` such tokens, cut between words where there are any. */
export function firstTokens(text: string, limit: number): string {
  let sum = 0;
  for (const match of text.matchAll(word)) {
    sum += pieces(match[0]);
    if (sum > limit) return text.slice(0, match.index).trimEnd();
  }
  return text;
}

/** Tokens that a WordPiece embedder with an English vocabulary makes of a text, estimated a little too high. Adds up over white space. */
export function embeddingTokens(text: string): number {
  let sum = 0;
  for (const [token] of text.matchAll(word)) sum += pieces(token);
  return sum;
}
