/** How the fake node misbehaves; `none` = it serves. */
export type Fault =
  | "none"
  | "refuse"
  | "status-500"
  | "cut"
  | "no-done"
  | "garbage"
  | "error-line"
  /** Says nothing to anybody any more, as a stopped process. */
  | "freeze"
  /** The node answers, its model process does not: no token comes, and the list of loaded models neither. */
  | "freeze-model"
  /** Sound to every probe, and every call fails. */
  | "lie";

export interface FakeBehaviour {
  /** Requests of the chat model worked on at the same time; the rest waits first in, first out. */
  readonly slots: number;
  readonly prefillPerSecond: number;
  readonly decodePerSecond: number;
  readonly loadMs: number;
  /** While it loads, its list of loaded models and new calls to models in memory wait, as on a busy node (ollama.md section 2). */
  readonly stallsOnLoad: boolean;
  /** An aborted prefill frees its slot at the end of the running batch of this many tokens. */
  readonly batchTokens: number;
  readonly contextTokens: number;
  /** Time for one embedded text. */
  readonly embedMs: number;
  readonly fault: Fault;
  /** Chat tokens that still come before `cut`, `no-done`, `garbage` and `error-line`; -1 = it breaks after the first batch of the prefill. */
  readonly tokensBeforeFault: number;
  /** Requests that the fault hits; after them the node is sound again. */
  readonly faultCount: number;
  /**
   * What the chat model answers; empty = the words of the last message, in order. `stamped`: for a message that holds `id=ID tokens=N`, N tokens
   * ` ID:INDEX:NODE.REQUEST` which say whose answer they belong to, at which place, and which request of which node made them.
   */
  readonly reply: string;
  /** Its name in stamps. */
  readonly name: string;
  /** Of the chat model, with its tag. */
  readonly chatName: string;
  /** Of the chat model's weights. */
  readonly chatDigest: string;
  /** Shows a prompt without running it, as newer versions do. */
  readonly canRender: boolean;
  /** Goes on with a raw prompt; otherwise it starts afresh, as many templates make a model do. */
  readonly canContinue: boolean;
}

export const soundBehaviour: FakeBehaviour = {
  slots: 1,
  prefillPerSecond: 4000,
  decodePerSecond: 400,
  loadMs: 20,
  stallsOnLoad: false,
  batchTokens: 128,
  contextTokens: 2048,
  embedMs: 2,
  fault: "none",
  tokensBeforeFault: 3,
  faultCount: Number.POSITIVE_INFINITY,
  reply: "",
  name: "node",
  chatName: "smollm2:135m",
  chatDigest: "c".repeat(64),
  canRender: true,
  canContinue: true,
};

export const embedModel = { name: "all-minilm:latest", digest: "e".repeat(64) };

export const fakeTokens = (text: string): readonly string[] => text.match(/\s*\S+/g) ?? [];

const dimension = 64;

/** A vector of word counts, each word at a place of its own hash: texts that share words come out alike. */
export function fakeEmbedding(text: string): readonly number[] {
  const vector = new Array<number>(dimension).fill(0);
  for (const word of text.toLowerCase().match(/[a-z0-9]+/g) ?? []) {
    let hash = 2_166_136_261;
    for (const char of word) hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619) >>> 0;
    const place = hash % dimension;
    vector[place] = (vector[place] ?? 0) + 1;
  }
  vector[0] = (vector[0] ?? 0) + 0.001;
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
}
