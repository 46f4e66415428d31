/** Everything that can change an answer besides the question's own words: equal keys or no hit. */
export interface AnswerScope {
  readonly workspaceId: string;
  /** Collections asked, as given; empty = all that the person may read. */
  readonly collectionIds: readonly string[];
  /** Collections of the question's scope that the asker may read now. Askers who may read other things never share an entry. */
  readonly readableCollectionIds: readonly string[];
  /** Weights and engine of the chat model and of the embedder. */
  readonly chatModel: string;
  readonly embedder: string;
  /** What the collections of the scope ask of their answers (`instructionsKey`). */
  readonly instructions: string;
  /** Changes with prompts, sampling, checks of sentences and the choice of evidence. */
  readonly answerVersion: string;
  /** What models are told (`promptsInUse`). */
  readonly prompts: string;
}

/** One text for one scope: the same whatever the order in which things were named. */
export function scopeText(scope: AnswerScope): string {
  return JSON.stringify([
    scope.workspaceId,
    [...new Set(scope.collectionIds)].sort(),
    [...scope.readableCollectionIds].sort(),
    scope.chatModel,
    scope.embedder,
    scope.answerVersion,
    scope.prompts,
    scope.instructions,
  ]);
}

/** The question as it counts for an exact hit: case, spacing and closing marks do not, every word does. */
export const exactText = (question: string): string =>
  question
    .normalize("NFKC")
    .replace(/\s+/gu, " ")
    .trim()
    // "5!" is another number than 5.
    .replace(/(?<=[\p{L}"”)\]])\s*[?!.…؟]+$|(?<=\p{N})\s*[?.…]+$/u, "")
    .toLowerCase();
