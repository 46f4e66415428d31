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
  readonly identifiersFound: number;
  readonly saysNumber: number;
  readonly competition: number;
  readonly holdsType: number;
  readonly quoteCosine: number;
  readonly standsOut: number;
  readonly passageCosine: number;
}

/** From this probability on a question counts as answerable. */
export const sufficiencyLimit = 0.5;

/**
 * Fitted on questions asked of passages and corpora that hold their answer, and of others (QED passages that miss it closely, and corpora
 * of other articles, papers, code), seven sets with equal weight, by which vectors there are. Where one passage stands alone the limit
 * lies lower than likelihood alone would have it: who asks of one passage mostly has the right one. Five folds by article:
 * docs/decisions/2026-11-27-refusal-by-competition.md; by words alone: docs/decisions/2026-11-27-languages-of-the-embedder.md.
 */
export const sufficiencyWeights: {
  readonly sentenceCosines: SufficiencyWeights;
  readonly chunkCosines: SufficiencyWeights;
  readonly lexical: SufficiencyWeights;
} = {
  sentenceCosines: {
    bias: -8.16,
    quoteCoverage: 0,
    contextCoverage: 2.44,
    passageCoverage: 0,
    nameCoverage: 0.96,
    namesNothing: -2.35,
    identifiersFound: 2,
    saysNumber: -1.53,
    competition: 1.97,
    holdsType: 0,
    quoteCosine: 4.3,
    standsOut: 1.36,
    passageCosine: 9.12,
  },
  chunkCosines: {
    bias: -7.51,
    quoteCoverage: 1.66,
    contextCoverage: 1.57,
    passageCoverage: 0,
    nameCoverage: 0.95,
    namesNothing: -2.46,
    identifiersFound: 2,
    saysNumber: -1.55,
    competition: 1.88,
    holdsType: 0,
    quoteCosine: 0,
    standsOut: 0,
    passageCosine: 12.09,
  },
  lexical: {
    bias: -3.6,
    quoteCoverage: 0,
    contextCoverage: 3.06,
    passageCoverage: 4.85,
    nameCoverage: 2.21,
    namesNothing: -2.26,
    identifiersFound: 2.53,
    saysNumber: -0.77,
    competition: 0,
    holdsType: 0,
    quoteCosine: 0,
    standsOut: 0,
    passageCosine: 0,
  },
};
