import { answerTypeOf, holdsAnswerType, type AnswerType } from "../chat/answer-type.ts";
import { contentStems } from "../chat/words.ts";
import { splitSentences } from "./sentences.ts";
import { isTitleLine } from "./title-line.ts";

/** What evidence needs to know of a retrieved chunk. */
export interface EvidenceChunk {
  readonly documentTitle: string;
  readonly headingPath: readonly string[];
  readonly text: string;
  /** Cosine of question and chunk; `null` when no vector was asked with. */
  readonly cosine: number | null;
  /** Fused retrieval score, 0 to 1. */
  readonly score: number;
}

/** A sentence of a chunk; `start` and `end` are offsets in the chunk's text. All measures lie between 0 and 1. */
export interface EvidenceSentence {
  readonly chunkIndex: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Weighted share of the question's content words that the sentence holds. */
  readonly coverage: number;
  /** The same with the sentence before it, the headings and the title. */
  readonly contextCoverage: number;
  /** 1 when the sentence holds the kind of thing that is asked for; also when nothing particular is. */
  readonly holdsType: number;
  /** 1 for the chunk's first sentence, falling with its place. */
  readonly earliness: number;
  /** Enough content for a quote: 0 for fragments, 1 from eight content words. */
  readonly substance: number;
  /** Fused score of its chunk against the best one. */
  readonly chunkScore: number;
}

interface ReadSentence {
  readonly chunkIndex: number;
  readonly place: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly stems: ReadonlySet<string>;
  readonly context: ReadonlySet<string>;
}

/** How much each content word of the question counts: words that few of the sentences hold count most. */
type WordWeights = ReadonlyMap<string, number>;

const fullSubstanceWords = 8;

/** Every sentence of the chunks with its measures, in the order of the text. Titles are none: they name what is answered elsewhere. */
export function evidenceSentences(
  question: string,
  chunks: readonly EvidenceChunk[],
): readonly EvidenceSentence[] {
  const read = chunks.flatMap(readChunk);
  const weights = wordWeights(contentStems(question), read);
  const type = answerTypeOf(question);
  const bestScore = Math.max(...chunks.map((chunk) => chunk.score), Number.EPSILON);
  const proper = read.filter((sentence) => !isTitleLine(sentence.text));
  return (proper.length > 0 ? proper : read).map((sentence) =>
    measure(sentence, weights, type, (chunks[sentence.chunkIndex]?.score ?? 0) / bestScore),
  );
}

function readChunk(chunk: EvidenceChunk, chunkIndex: number): readonly ReadSentence[] {
  const above = contentStems([chunk.documentTitle, ...chunk.headingPath].join(" "));
  let before: readonly string[] = [];
  return splitSentences(chunk.text).map(({ start, end }, place) => {
    const text = chunk.text.slice(start, end);
    const stems = contentStems(text);
    const context = new Set([...stems, ...above, ...before]);
    before = stems;
    return { chunkIndex, place, start, end, text, stems: new Set(stems), context };
  });
}

function wordWeights(
  questionStems: readonly string[],
  sentences: readonly ReadSentence[],
): WordWeights {
  const weights = new Map<string, number>();
  for (const stem of questionStems) {
    const holding = sentences.filter((sentence) => sentence.stems.has(stem)).length;
    weights.set(stem, Math.log((sentences.length + 2) / (holding + 1)) + 0.2);
  }
  return weights;
}

/** Weighted share of the question's words found in `stems`, 0 to 1; 0 for a question without content words. */
function coverageOf(weights: WordWeights, stems: ReadonlySet<string>): number {
  let found = 0;
  let whole = 0;
  for (const [stem, weight] of weights) {
    whole += weight;
    if (stems.has(stem)) found += weight;
  }
  return whole === 0 ? 0 : found / whole;
}

function measure(
  sentence: ReadSentence,
  weights: WordWeights,
  type: AnswerType,
  chunkScore: number,
): EvidenceSentence {
  const { chunkIndex, place, start, end, text, stems, context } = sentence;
  return {
    chunkIndex,
    start,
    end,
    text,
    coverage: coverageOf(weights, stems),
    contextCoverage: coverageOf(weights, context),
    holdsType: holdsAnswerType(text, type) ? 1 : 0,
    earliness: 1 / (1 + place),
    substance: Math.min(stems.size / fullSubstanceWords, 1),
    chunkScore,
  };
}
