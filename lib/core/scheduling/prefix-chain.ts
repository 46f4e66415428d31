/**
 * The beginning of a prompt in blocks: each hash stands for its block and everything before it, so equal hashes mean equal beginnings.
 * The system text is the seed of the chain and no block of it: every conversation shares it, and it must not draw them all to one node.
 */
export interface PrefixChain {
  readonly hashes: readonly string[];
  readonly tokensPerBlock: number;
}

export const noPrefix: PrefixChain = { hashes: [], tokensPerBlock: 0 };

export interface PrefixMessage {
  readonly role: string;
  readonly content: string;
}

const blockChars = 512;
// Longer conversations are told apart by their beginning well enough.
const mostBlocks = 64;

/** @param promptTokens of all messages together; a block gets its share by length */
export function prefixChain(messages: readonly PrefixMessage[], promptTokens: number): PrefixChain {
  const text = (isSystem: boolean): string =>
    messages
      .filter((message) => (message.role === "system") === isSystem)
      .map((message) => `${message.role} ${normalised(message.content)}`)
      .join("\n");
  const system = text(true);
  const rest = text(false);
  const blocks = Math.min(Math.floor(rest.length / blockChars), mostBlocks);
  const hashes: string[] = [];
  let before = hashOf(system);
  for (let index = 0; index < blocks; index += 1) {
    before = hashOf(before + rest.slice(index * blockChars, (index + 1) * blockChars));
    hashes.push(before);
  }
  const chars = Math.max(system.length + rest.length, 1);
  return { hashes, tokensPerBlock: (promptTokens * blockChars) / chars };
}

const normalised = (text: string): string => text.normalize("NFC").replace(/\s+/g, " ").trim();

/** 64 bits as text, two rounds of FNV-1a with different seeds: far apart for a few million prompts, and no secret. */
function hashOf(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x85ebca6b) ^ (high >>> 13);
  }
  return (low >>> 0).toString(36) + (high >>> 0).toString(36);
}
