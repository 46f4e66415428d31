import { AppError } from "../../core/errors/app-error.ts";
import { bestThreshold, type Decided } from "../../core/evaluation/binary-measures.ts";
import { collectFigures, type CollectedFigures } from "../../core/evaluation/collected-figures.ts";
import { contentStems } from "../../core/chat/words.ts";
import { cosineOf } from "../../core/rag/cosine.ts";
import { chunkContext, chunkDocument } from "../../core/rag/chunking.ts";
import { splitSentences, type SentenceRange } from "../../core/rag/sentences.ts";
import { checkSupport } from "../../core/rag/support.ts";
import { milliseconds } from "../../core/time/milliseconds.ts";
import type { ModelCall } from "../../local-models.ts";
import type { RankedChunk } from "../../ports/chunk-search.ts";
import type { AnswerEvidence } from "../choose-answer-evidence.ts";
import { chooseAnswerEvidence } from "../choose-answer-evidence.ts";
import { nearnessTo } from "../support-of.ts";
import type { EvaluateAnswersDeps } from "./answer-deps.ts";
import type { Evaluation } from "./evaluation.ts";
import {
  readClaims,
  readPassages,
  type JudgedClaim,
  type JudgedPassage,
} from "./grounding-data.ts";
import { askedOfCorpus, judgeRefusal, type Ground } from "./judge-refusal.ts";
import { judgeAcrossSets, readQuestionSets } from "./refusal-across-sets.ts";

const stepMs = 120_000;
const leastSentences = 3;
const evenOdds = 0.5;

/** The passage as if it alone had been found: cut, put in context and embedded as documents are. */
async function chunksOf({ deps, call }: Ground, { question, title, paragraph }: JudgedPassage) {
  const chunks = chunkDocument({ text: paragraph, pages: [], blocks: [] });
  const contexts = chunks.map((chunk) => chunkContext(title, chunk));
  const { vectors } = await deps.models.embed([question, ...contexts], call());
  const [own = [], ...others] = vectors;
  const found = chunks.map((chunk, at): RankedChunk => {
    const cosine = cosineOf(own, others[at] ?? []);
    return {
      ...chunk,
      ...{ chunkId: String(at), documentId: "", versionId: "", documentTitle: title },
      ...{ collectionId: "", collectionName: "", contentHash: "", publishedAt: new Date(0) },
      ...{ flags: [], before: null, after: null, lexicalScore: 0 },
      ...{ cosine, score: (1 + cosine) / 2 },
    };
  });
  return { vector: own, chunks: found.toSorted((one, other) => other.score - one.score) };
}

async function evidenceOf(ground: Ground, passage: JudgedPassage): Promise<AnswerEvidence> {
  const { deps, call } = ground;
  const found = await chunksOf(ground, passage);
  return chooseAnswerEvidence(deps, { text: passage.question }, found, call(), deps.clock.now());
}

/** Quotes and refusal on single passages: those with one supporting sentence, and those that hold no answer. */
async function judgePassages(ground: Ground, passages: readonly JudgedPassage[]) {
  const firstTwo: boolean[] = [];
  const leading: boolean[] = [];
  const answerable: Decided[] = [];
  for (const [place, passage] of passages.entries()) {
    ground.run.signal.throwIfAborted();
    const { quotes, verdict } = await evidenceOf(ground, passage);
    answerable.push({ truth: passage.support !== null, said: verdict === "answerable" });
    const { support } = passage;
    if (support !== null && splitSentences(passage.paragraph).length >= leastSentences) {
      const holds = (ranges: readonly SentenceRange[]) =>
        ranges.slice(0, 2).some(({ start, end }) => start < support[1] && end > support[0]);
      firstTwo.push(holds(quotes.map((quote) => ({ start: quote.charStart, end: quote.charEnd }))));
      leading.push(holds(splitSentences(passage.paragraph)));
    }
    if ((place + 1) % 100 === 0) ground.run.onProgress(`${String(place + 1)} passages judged`);
  }
  return { firstTwo, leading, answerable };
}

/** Questions asked of a corpus that holds their passage, and of one that holds others' only. */
async function judgeCorpora(
  ground: Ground,
  passages: readonly JudgedPassage[],
): Promise<readonly Decided[]> {
  const withAnswer = passages.filter(({ support }) => support !== null);
  const own = withAnswer.filter((_, place) => place % 2 === 0);
  const titles = new Set(own.map(({ title }) => title));
  const foreign = withAnswer.filter(({ title }, place) => place % 2 === 1 && !titles.has(title));
  const entries = own.map(({ id, title, paragraph }) => ({ id, title, text: paragraph }));
  return judgeRefusal(ground, {
    entries,
    own: own.slice(0, askedOfCorpus).map(({ question }) => question),
    foreign: foreign.slice(0, askedOfCorpus).map(({ question }) => question),
  });
}

function wordShare(claim: string, passage: string): number {
  const there = new Set(contentStems(passage));
  const own = [...new Set(contentStems(claim))];
  return own.filter((stem) => there.has(stem)).length / Math.max(1, own.length);
}

/** More likely than not, which balanced accuracy asks, and certain enough to be shown as answer, as in the product. */
async function judgedSupport(ground: Ground, { claim, passage }: JudgedClaim) {
  const { deps, call } = ground;
  const nearness = await nearnessTo(deps.scorer, claim, passage, call());
  const { probability, supported } = checkSupport(claim, passage, nearness);
  return { isLikely: probability >= evenOdds, isShown: supported };
}

/** Beside one lexical threshold that is chosen on every second claim and judged, like the check, on the others. */
async function judgeClaims(
  ground: Ground,
  name: string,
  claims: readonly JudgedClaim[],
  figures: CollectedFigures,
): Promise<void> {
  const scored = claims.map(({ claim, passage, supported }) => ({
    truth: supported,
    score: wordShare(claim, passage),
  }));
  const threshold = bestThreshold(scored.filter((_, place) => place % 2 === 0));
  const decided: Decided[] = [];
  const shown: Decided[] = [];
  for (const [place, claim] of claims.entries()) {
    ground.run.signal.throwIfAborted();
    if (place % 2 === 0) continue;
    const { isLikely, isShown } = await judgedSupport(ground, claim);
    decided.push({ truth: claim.supported, said: isLikely });
    shown.push({ truth: claim.supported, said: isShown });
    if (shown.length % 100 === 0) ground.run.onProgress(`${String(shown.length)} claims judged`);
  }
  const judged = scored.filter((_, place) => place % 2 === 1);
  const lexical = judged.map(({ truth, score }) => ({ truth, said: score >= threshold }));
  const passed = shown.filter(({ said }) => said);
  const right = shown.filter(({ truth }) => truth);
  figures.addAccuracy(`support.${name}.balanced-accuracy`, decided);
  figures.addAccuracy(`support.${name}.lexical-threshold`, lexical);
  figures.addShare(
    `support.${name}.precision`,
    passed.map(({ truth }) => truth),
  );
  figures.addShare(
    `support.${name}.passed`,
    shown.map(({ said }) => said),
  );
  figures.addShare(
    `support.${name}.passed-of-right`,
    right.map(({ said }) => said),
  );
}

/**
 * What answers rest on: `quotes.first-two` (the supporting sentence among the first two quotes, passages of three sentences and
 * more; beside it `quotes.leading-two`, the first two of the passage), `refusal.same-page` and `refusal.wrong-corpus` (balanced accuracy), for each file of claims the check of generated
 * sentences beside one lexical threshold, and `refusal.wrong-corpus.SET` for each of several retrieval sets.
 */
export function createEvaluateGrounding(deps: EvaluateAnswersDeps): Evaluation {
  return async (run) => {
    const call = (): ModelCall => ({
      class: "ingest",
      client: "evaluate",
      deadline: milliseconds(deps.clock.now() + stepMs),
      signal: run.signal,
    });
    const ground = { deps, run, call };
    const passages = await readPassages(run.data);
    const claims = await readClaims(run.data);
    const sets = await readQuestionSets(run.data);
    if (passages.length === 0 && claims.size === 0 && sets.length === 0)
      throw new AppError("not_found", {}, { cause: new Error(`${run.data.path}/qed.jsonl`) });
    const figures = collectFigures();
    if (passages.length > 0) {
      const { firstTwo, leading, answerable } = await judgePassages(ground, passages);
      figures.addShare("quotes.first-two", firstTwo);
      figures.addShare("quotes.leading-two", leading);
      figures.addAccuracy("refusal.same-page", answerable);
      figures.addAccuracy("refusal.wrong-corpus", await judgeCorpora(ground, passages));
    }
    for (const [name, list] of claims) await judgeClaims(ground, name, list, figures);
    const questions = await judgeAcrossSets(ground, sets, figures);
    const { metrics, bounds } = figures;
    const claimCount = [...claims.values()].reduce((sum, list) => sum + list.length, 0);
    return {
      metrics,
      bounds,
      counts: { passages: passages.length, claims: claimCount, questions },
    };
  };
}
