import { AppError } from "../../core/errors/app-error.ts";
import { carriedText, needsEarlierTurns } from "../../core/chat/follow-up.ts";
import { contentStems } from "../../core/chat/words.ts";
import { bootstrapBounds, mean } from "../../core/evaluation/ranking-measures.ts";
import type { Evaluation } from "./evaluation.ts";

/** A turn with what people wrote so that it stands alone. */
interface RewrittenTurn {
  readonly last_turn: string;
  readonly rewritten: string;
  /** All of the person's turns so far, the last one included. */
  readonly user_turns: readonly string[];
}

const spelling = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

interface JudgedTurn {
  readonly alone: boolean;
  readonly changed: boolean;
  readonly added: number;
  readonly recoverable: number;
  readonly brought: number;
}

function judge({ last_turn: question, rewritten, user_turns: turns }: RewrittenTurn): JudgedTurn {
  const earlier = turns.slice(0, -1);
  const own = new Set(contentStems(question));
  const added = [...new Set(contentStems(rewritten))].filter((stem) => !own.has(stem));
  const said = new Set(contentStems(earlier.join(" ")));
  const changed = needsEarlierTurns(question, earlier);
  const carried = new Set(changed ? contentStems(carriedText(earlier)) : []);
  return {
    alone: spelling(question) === spelling(rewritten),
    changed,
    added: added.length,
    recoverable: added.filter((stem) => said.has(stem)).length,
    brought: added.filter((stem) => carried.has(stem)).length,
  };
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/**
 * How follow-ups are made to stand alone. `standalone.changed`: share of the turns that people left as they are to which something is
 * added. `words.brought-back`: share of the words that people's rewrites add; `words.recoverable`: what all earlier questions hold of
 * them, the most that can be had without the assistant's turns; `words.of-recoverable`: the one against the other.
 */
export const createEvaluateConversations = (): Evaluation => async (run) => {
  const turns: JudgedTurn[] = [];
  for (const name of ["mtrag-human-retrieval.jsonl", "conversations.jsonl"]) {
    if (!(await run.data.has(name))) continue;
    for await (const line of run.data.lines(name))
      turns.push(judge(JSON.parse(line) as RewrittenTurn));
  }
  if (turns.length === 0)
    throw new AppError(
      "not_found",
      {},
      { cause: new Error(`${run.data.path}/conversations.jsonl`) },
    );
  const alone = turns.filter((turn) => turn.alone).map((turn) => (turn.changed ? 1 : 0));
  const added = sum(turns.map((turn) => turn.added));
  const recoverable = sum(turns.map((turn) => turn.recoverable));
  const brought = sum(turns.map((turn) => turn.brought));
  const { low, high } = bootstrapBounds(alone);
  return {
    metrics: {
      "standalone.changed": mean(alone),
      "words.brought-back": added === 0 ? 0 : brought / added,
      "words.recoverable": added === 0 ? 0 : recoverable / added,
      "words.of-recoverable": recoverable === 0 ? 0 : brought / recoverable,
    },
    bounds: { "standalone.changed": [low, high] },
    counts: { turns: turns.length, standalone: alone.length, added },
  };
};
