/** Linear weights over the measures of a sentence; the sum orders sentences, it is no probability. */
export interface SentenceWeights {
  readonly contextCoverage: number;
  readonly beyondTitle: number;
  readonly beyondBefore: number;
  readonly holdsType: number;
  readonly holdsNewType: number;
  readonly earliness: number;
  readonly length: number;
  readonly chunkScore: number;
  /** Nearness of question and sentence, and of the question and the sentences beside it. */
  readonly cosine: number;
  readonly cosineBefore: number;
  readonly cosineAfter: number;
}

/**
 * Fitted on QED (single passages; softmax over the sentences of each). Supporting sentence among the first two of passages of three
 * sentences and more, five folds: .863 with cosines, .831 by words (with the signs of before .828 and .809, position alone .67); see
 * docs/decisions/2026-11-26-evidence-sentences.md.
 */
export const sentenceWeights: {
  readonly withCosine: SentenceWeights;
  readonly lexical: SentenceWeights;
} = {
  withCosine: {
    contextCoverage: 1.83,
    beyondTitle: 1.97,
    beyondBefore: -0.51,
    holdsType: 0.45,
    holdsNewType: 1.17,
    earliness: 0.64,
    length: 1.49,
    chunkScore: 3,
    cosine: 2.4,
    cosineBefore: 0.7,
    cosineAfter: 0.66,
  },
  lexical: {
    contextCoverage: 2.3,
    beyondTitle: 2.26,
    beyondBefore: -0.5,
    holdsType: 0.6,
    holdsNewType: 1.02,
    earliness: 1.18,
    length: 1.7,
    chunkScore: 3,
    cosine: 0,
    cosineBefore: 0,
    cosineAfter: 0,
  },
};

/** Logistic weights: is the question answerable from what was found? */
export interface SufficiencyWeights {
  readonly bias: number;
  readonly quoteCoverage: number;
  readonly contextCoverage: number;
  readonly passageCoverage: number;
  readonly nameCoverage: number;
  readonly namesNothing: number;
  readonly holdsType: number;
  readonly quoteCosine: number;
  readonly passageCosine: number;
}

/** From this probability on a question counts as answerable. */
export const sufficiencyLimit = 0.5;

/**
 * Fitted on QED and xquad-en questions asked of passages and corpora that hold their answer, and of others (QED passages that miss it
 * closely, corpora of other articles, questions about papers and code), by which vectors there are; the weights by words alone are those
 * of an earlier fit. Five folds by article: docs/decisions/2026-11-26-refusal.md.
 */
export const sufficiencyWeights: {
  readonly sentenceCosines: SufficiencyWeights;
  readonly chunkCosines: SufficiencyWeights;
  readonly lexical: SufficiencyWeights;
} = {
  sentenceCosines: {
    bias: -6.24,
    quoteCoverage: 0.43,
    contextCoverage: 2.71,
    passageCoverage: 0,
    nameCoverage: 1.57,
    namesNothing: -1.09,
    holdsType: 0,
    quoteCosine: 1.96,
    passageCosine: 6.64,
  },
  chunkCosines: {
    bias: -6.3,
    quoteCoverage: 1.32,
    contextCoverage: 2.18,
    passageCoverage: 0,
    nameCoverage: 1.62,
    namesNothing: -1.16,
    holdsType: 0,
    quoteCosine: 0,
    passageCosine: 8.07,
  },
  lexical: {
    bias: -5.75,
    quoteCoverage: 2.61,
    contextCoverage: 0,
    passageCoverage: 5.11,
    nameCoverage: 2.28,
    namesNothing: 0,
    holdsType: 0.19,
    quoteCosine: 0,
    passageCosine: 0,
  },
};
