import { isAppError } from "#lib/core/errors/app-error.ts";
import type { ChatPart } from "#lib/local-models.ts";

/** One answer as a person saw it, from the question to its end. */
export interface SeenAnswer {
  readonly id: string;
  readonly tokens: number;
  /** Text since the last reset, by attempt: a resume begins a new piece. */
  readonly pieces: readonly string[];
  /** `stood`: it broke a second time, so the evidence stands as the answer with a note (DESIGN.md section 4). */
  readonly end: "complete" | "stood" | "failed";
  readonly error: unknown;
  readonly resumes: number;
  readonly resets: number;
  /** ms from the question to the first text. */
  readonly firstTokenMs: number | null;
  /** Longest silence between two texts of the answer, ms. */
  readonly longestGapMs: number;
}

/** Reads an answer to its end and writes down what came when. */
export async function watchAnswer(
  id: string,
  tokens: number,
  parts: AsyncGenerator<ChatPart, void>,
): Promise<SeenAnswer> {
  const startedAt = performance.now();
  let [pieces, resumes, resets, lastAt, longestGapMs] = [[""], 0, 0, 0, 0];
  let firstTokenMs: number | null = null;
  let error: unknown = null;
  let isComplete = false;
  try {
    for await (const part of parts) {
      const now = performance.now() - startedAt;
      if (part.type === "text") {
        if (firstTokenMs !== null) longestGapMs = Math.max(longestGapMs, now - lastAt);
        firstTokenMs ??= now;
        lastAt = now;
        pieces = [...pieces.slice(0, -1), `${pieces.at(-1) ?? ""}${part.text}`];
      } else if (part.type === "resumed") {
        resumes += 1;
        pieces = [...pieces, ""];
      } else if (part.type === "reset") {
        resets += 1;
        pieces = [""];
      } else if (part.type === "usage") isComplete = true;
    }
  } catch (caught) {
    error = caught;
  }
  const end = endOf(isComplete, error, resumes + resets);
  return { id, tokens, pieces, end, error, resumes, resets, firstTokenMs, longestGapMs };
}

function endOf(isComplete: boolean, error: unknown, repairs: number): SeenAnswer["end"] {
  if (isComplete && error === null) return "complete";
  return isAppError(error, "node_failed") && repairs === 1 ? "stood" : "failed";
}

/**
 * What is wrong with an answer of stamped tokens, in words; empty when nothing is. Each token says whose answer it belongs to, its place in
 * it, and which request of which node made it: all places once and in order, nobody else's token, and one request a piece.
 */
export function faultsOf(answer: SeenAnswer): readonly string[] {
  const faults: string[] = [];
  if (answer.end === "failed") faults.push(`lost: ${String(answer.error)}`);
  const places: number[] = [];
  for (const piece of answer.pieces) {
    const stamps = new Set<string>();
    for (const token of piece.split(" ").filter(Boolean)) {
      const [id, place, stamp] = token.split(":");
      if (id !== answer.id) faults.push(`mixed: a token of ${String(id)} in ${answer.id}`);
      places.push(Number(place));
      stamps.add(stamp ?? "");
    }
    if (stamps.size > 1) faults.push(`spliced: ${[...stamps].join(" and ")} in one piece`);
  }
  const isWhole =
    places.length === answer.tokens && places.every((place, index) => place === index);
  if (answer.end === "complete" && !isWhole)
    faults.push(
      `text: ${String(places.length)} of ${String(answer.tokens)} tokens, or out of order`,
    );
  if (answer.resumes + answer.resets > 1) faults.push("repaired more than once");
  return faults.map((fault) => `${answer.id} ${fault}`);
}
