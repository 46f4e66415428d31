/** Everything that can change an answer besides the question's own words: equal keys or no hit. */
export interface AnswerScope {
  readonly workspaceId: string;
  /** Collections asked, as given; empty = all that the person may read. */
  readonly collectionIds: readonly string[];
  /** Collections of the question's scope that the asker may read now. Askers who may read other things never share an entry. */
  readonly readableCollectionIds: readonly string[];
  readonly systemPrompt: string;
  /** Changes with every change of how prompts are built or sentences are checked. */
  readonly promptVersion: number;
  readonly chatModelDigest: string;
  readonly sampling: Readonly<Record<string, number | string | boolean>>;
  readonly answerStyle: string;
  readonly answerLanguage: string;
  /** `strict` or `open`, and the collections' refusal text. */
  readonly mode: string;
  readonly embedder: string;
  /** Version of the code that chooses evidence: its weights decide what is quoted. */
  readonly evidenceVersion: number;
}

/** One text for one scope: the same whatever the order in which things were named. The caller hashes it. */
export function scopeText(scope: AnswerScope): string {
  return JSON.stringify([
    scope.workspaceId,
    [...scope.collectionIds].sort(),
    [...scope.readableCollectionIds].sort(),
    scope.systemPrompt,
    scope.promptVersion,
    scope.chatModelDigest,
    Object.entries(scope.sampling).sort(([one], [other]) => (one < other ? -1 : 1)),
    scope.answerStyle,
    scope.answerLanguage,
    scope.mode,
    scope.embedder,
    scope.evidenceVersion,
  ]);
}

/** The question as it counts for an exact hit: case, spacing and closing marks do not, every word does. */
export const exactText = (question: string): string =>
  question
    .normalize("NFKC")
    .replace(/\s+/gu, " ")
    .trim()
    .replace(/(?<=[\p{L}\p{N}"”)\]])\s*[?!.…]+$/u, "")
    .toLowerCase();
