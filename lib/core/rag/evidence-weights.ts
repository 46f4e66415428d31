/** Linear weights over the measures of a sentence; the sum orders sentences, it is no probability. */
export interface SentenceWeights {
  readonly coverage: number;
  readonly contextCoverage: number;
  readonly holdsType: number;
  readonly earliness: number;
  readonly substance: number;
  readonly chunkScore: number;
  /** Cosine of question and sentence. */
  readonly cosine: number;
}

/**
 * Fitted on one half of QED (single passages; softmax over the sentences of each), `chunkScore` on xquad-en.
 * Supporting sentence among the first two on the other half of QED: .87 with cosines, .86 by words (position alone .77, cosine alone .85).
 * Quotes that hold the answer on xquad-en among 2,240 passages: first .80, first two .90 (by words .78 and .89).
 */
export const sentenceWeights: {
  readonly withCosine: SentenceWeights;
  readonly lexical: SentenceWeights;
} = {
  withCosine: {
    coverage: 0.72,
    contextCoverage: 3.55,
    holdsType: 1.97,
    earliness: 0.7,
    substance: 0.61,
    chunkScore: 4,
    cosine: 3,
  },
  lexical: {
    coverage: 1.57,
    contextCoverage: 3.5,
    holdsType: 1.98,
    earliness: 1.18,
    substance: 0.74,
    chunkScore: 4,
    cosine: 0,
  },
};

/** Logistic weights: is the question answerable from what was found? */
export interface SufficiencyWeights {
  readonly bias: number;
  readonly quoteCoverage: number;
  readonly passageCoverage: number;
  readonly nameCoverage: number;
  readonly holdsType: number;
  readonly quoteCosine: number;
  readonly passageCosine: number;
}

/** From this probability on a question counts as answerable. */
export const sufficiencyLimit = 0.5;

/**
 * Fitted on one half of questions asked of their own and of other corpora (xquad-en, Cranfield, cookbook, QED), by which vectors there are.
 * Balanced accuracy on the other half, xquad-en questions, own corpus against wrong ones: .96, without sentence vectors .94, by words
 * alone .93. QED passages that miss the question closely: area under the curve .64, so a near miss is refused rarely: that takes a
 * cross-encoder.
 */
export const sufficiencyWeights: {
  readonly sentenceCosines: SufficiencyWeights;
  readonly chunkCosines: SufficiencyWeights;
  readonly lexical: SufficiencyWeights;
} = {
  sentenceCosines: {
    bias: -7.42,
    quoteCoverage: 1.36,
    passageCoverage: 3.42,
    nameCoverage: 1.76,
    holdsType: 0.41,
    quoteCosine: 4.43,
    passageCosine: 3.02,
  },
  chunkCosines: {
    bias: -6.86,
    quoteCoverage: 1.61,
    passageCoverage: 3.36,
    nameCoverage: 1.64,
    holdsType: 0.23,
    quoteCosine: 0,
    passageCosine: 6.67,
  },
  lexical: {
    bias: -5.75,
    quoteCoverage: 2.61,
    passageCoverage: 5.11,
    nameCoverage: 2.28,
    holdsType: 0.19,
    quoteCosine: 0,
    passageCosine: 0,
  },
};
