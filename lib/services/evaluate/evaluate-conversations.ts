import { AppError } from "../../core/errors/app-error.ts";
import { carriedText, needsEarlierTurns } from "../../core/chat/follow-up.ts";
import { contentStems } from "../../core/chat/words.ts";
import { collectFigures } from "../../core/evaluation/collected-figures.ts";
import type { Evaluation } from "./evaluation.ts";

/** A turn with what people wrote so that it stands alone. */
interface RewrittenTurn {
  readonly last_turn: string;
  readonly rewritten: string;
  /** All of the person's turns so far, the last one included. */
  readonly user_turns: readonly string[];
  /** What was answered to each turn before it, as far as it is known. */
  readonly answers?: readonly string[];
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
  /** Of them, said in earlier questions, and in those or in earlier answers. */
  readonly recoverable: number;
  readonly answered: number;
  readonly brought: number;
  /** By the question before, whatever the turn. */
  readonly byPrevious: number;
}

function judge(row: RewrittenTurn): JudgedTurn {
  const { last_turn: question, rewritten, user_turns: turns, answers = [] } = row;
  const earlier = turns.slice(0, -1);
  const own = new Set(contentStems(question));
  const added = [...new Set(contentStems(rewritten))].filter((stem) => !own.has(stem));
  const said = new Set(contentStems(earlier.join(" ")));
  const changed = needsEarlierTurns(question, earlier);
  const answered = new Set([...said, ...contentStems(answers.join(" "))]);
  const previous = new Set(contentStems(earlier.at(-1) ?? ""));
  const carried = new Set(changed ? contentStems(carriedText(earlier, answers.at(-1))) : []);
  return {
    alone: spelling(question) === spelling(rewritten),
    changed,
    added: added.length,
    recoverable: added.filter((stem) => said.has(stem)).length,
    answered: added.filter((stem) => answered.has(stem)).length,
    brought: added.filter((stem) => carried.has(stem)).length,
    byPrevious: added.filter((stem) => previous.has(stem)).length,
  };
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/**
 * How follow-ups are made to stand alone. `standalone.changed`: share of the turns that people left as they are to which something is
 * added. `words.brought-back`: share of the words that people's rewrites add; `words.by-previous-question`: what
 * adding the question before to every turn would bring; `words.in-questions`: what all earlier questions hold of them; `words.in-answers-too`: what those and the answers in the data hold, the most that can be had; `words.of-these`: what is brought
 * back of the latter.
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
  const figures = collectFigures();
  const alone = turns.filter((turn) => turn.alone);
  const added = sum(turns.map((turn) => turn.added));
  // A turn counts by its words, so that bounds are those of turns, not of words.
  const addWords = (name: string, countOf: (turn: JudgedTurn) => number, of = added): void => {
    figures.addMean(
      name,
      turns.map((turn) => (of === 0 ? 0 : (countOf(turn) * turns.length) / of)),
    );
  };
  figures.addShare(
    "standalone.changed",
    alone.map(({ changed }) => changed),
  );
  addWords("words.brought-back", ({ brought }) => brought);
  addWords("words.by-previous-question", ({ byPrevious }) => byPrevious);
  addWords("words.in-questions", ({ recoverable }) => recoverable);
  addWords("words.in-answers-too", ({ answered }) => answered);
  addWords("words.of-these", ({ brought }) => brought, sum(turns.map(({ answered }) => answered)));
  const { metrics, bounds } = figures;
  return { metrics, bounds, counts: { turns: turns.length, standalone: alone.length, added } };
};
