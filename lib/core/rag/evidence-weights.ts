/** Linear weights over the measures of a sentence; the sum orders sentences, it is no probability. */
export interface SentenceWeights {
  readonly coverage: number;
  readonly contextCoverage: number;
  readonly holdsType: number;
  readonly earliness: number;
  readonly substance: number;
  readonly chunkScore: number;
  readonly echo: number;
  /** Cosine of question and sentence. */
  readonly cosine: number;
}

export const sentenceWeights: {
  readonly withCosine: SentenceWeights;
  readonly lexical: SentenceWeights;
} = {
  withCosine: {
    coverage: 1,
    contextCoverage: 0.5,
    holdsType: 0.6,
    earliness: 0.4,
    substance: 0.3,
    chunkScore: 1,
    echo: -1,
    cosine: 3,
  },
  lexical: {
    coverage: 2,
    contextCoverage: 1,
    holdsType: 0.6,
    earliness: 0.6,
    substance: 0.3,
    chunkScore: 1.5,
    echo: -1,
    cosine: 0,
  },
};

/** Logistic weights: is the question answerable from what was found? Above `limit` it is. */
export interface SufficiencyWeights {
  readonly bias: number;
  readonly coverage: number;
  readonly contextCoverage: number;
  readonly chunkCoverage: number;
  readonly holdsType: number;
  readonly sentenceCosine: number;
  readonly chunkCosine: number;
  readonly limit: number;
}

export const sufficiencyWeights: {
  readonly sentenceCosines: SufficiencyWeights;
  readonly chunkCosines: SufficiencyWeights;
  readonly lexical: SufficiencyWeights;
} = {
  sentenceCosines: {
    bias: -6,
    coverage: 2,
    contextCoverage: 1,
    chunkCoverage: 2,
    holdsType: 0.5,
    sentenceCosine: 4,
    chunkCosine: 4,
    limit: 0.5,
  },
  chunkCosines: {
    bias: -6,
    coverage: 2,
    contextCoverage: 2,
    chunkCoverage: 2,
    holdsType: 0.5,
    sentenceCosine: 0,
    chunkCosine: 6,
    limit: 0.5,
  },
  lexical: {
    bias: -5,
    coverage: 3,
    contextCoverage: 2,
    chunkCoverage: 3,
    holdsType: 0.5,
    sentenceCosine: 0,
    chunkCosine: 0,
    limit: 0.5,
  },
};
