import type { Actor, CollectionRight } from "../core/access/actor.ts";
import type {
  AnswerLanguage,
  AnswerStyle,
  InstructingCollection,
} from "../core/chat/answer-instructions.ts";
import type { AnswerMode } from "../core/chat/answer-policy.ts";

export interface CollectionSummary {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly language: string;
  readonly answerMode: AnswerMode;
  /** Shown when the documents do not hold the answer; empty: Drover's own words. */
  readonly refusalText: string;
  /** What models are told besides Drover's own rules; empty for who may not manage the collection. */
  readonly systemPrompt: string;
  readonly answerStyle: AnswerStyle;
  readonly answerLanguage: AnswerLanguage;
  readonly isDemo: boolean;
  readonly documentCount: number;
  /** Documents are removed this many days after they were added; `null` = kept. */
  readonly retentionDays: number | null;
  /** What the asking actor may do. */
  readonly right: CollectionRight;
}

export interface NewCollection {
  readonly name: string;
  readonly description?: string;
  readonly language?: string;
  readonly answerMode?: AnswerMode;
  readonly refusalText?: string;
  readonly systemPrompt?: string;
  readonly answerStyle?: AnswerStyle;
  readonly answerLanguage?: AnswerLanguage;
  /** `everyone`: all members may read; `private`: only its maker and admins. */
  readonly visibility: "everyone" | "private";
  readonly isDemo?: boolean;
  readonly retentionDays?: number | null;
}

/** How questions over a collection are answered. For the answering itself: it never leaves the server. */
export interface CollectionRules extends InstructingCollection {
  readonly answerMode: AnswerMode;
  readonly refusalText: string;
}

export interface CollectionStore {
  list(actor: Actor): Promise<readonly CollectionSummary[]>;
  /** Of those among the ids that the actor may read, attachments left out; of all of them where none is named. */
  rules(actor: Actor, collectionIds: readonly string[]): Promise<readonly CollectionRules[]>;
  get(actor: Actor, collectionId: string): Promise<CollectionSummary>;
  create(actor: Actor, collection: NewCollection): Promise<CollectionSummary>;
  /** Needs `manage`. */
  update(
    actor: Actor,
    collectionId: string,
    change: Partial<NewCollection>,
  ): Promise<CollectionSummary>;
  /** Needs `manage`. Nothing of it is findable from the moment this returns. */
  remove(actor: Actor, collectionId: string): Promise<void>;
}
