import type { Actor } from "../core/access/actor.ts";
import type { AnswerOutcome, AnswerSnapshot } from "../core/chat/events.ts";

export interface ConversationSummary {
  readonly id: string;
  readonly title: string;
  readonly collectionIds: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface Turn {
  readonly answerId: string;
  readonly turn: number;
  readonly question: string;
  readonly outcome: AnswerOutcome | "running";
  /** `null` while it runs; then the stored fold of its events. */
  readonly snapshot: AnswerSnapshot | null;
  readonly rating: "up" | "down" | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
}

/** A person's own conversations: nobody else's, not even for an admin. */
export interface ConversationStore {
  list(actor: Actor): Promise<readonly ConversationSummary[]>;
  get(
    actor: Actor,
    conversationId: string,
  ): Promise<{ readonly conversation: ConversationSummary; readonly turns: readonly Turn[] }>;
  create(
    actor: Actor,
    conversation: { readonly title: string; readonly collectionIds: readonly string[] },
  ): Promise<ConversationSummary>;
  rename(actor: Actor, conversationId: string, title: string): Promise<void>;
  remove(actor: Actor, conversationId: string): Promise<void>;
  /** Adds a question with a running answer; `owner` is the process that will drive it. */
  addTurn(
    actor: Actor,
    conversationId: string,
    turn: { readonly question: string; readonly owner: string },
  ): Promise<{
    readonly answerId: string;
    readonly turn: number;
    readonly collectionIds: readonly string[];
    /** Questions and answers so far, oldest first. */
    readonly history: readonly { readonly question: string; readonly answer: string }[];
  }>;
  /** Throws `not_found` unless the answer belongs to the actor. */
  ownAnswer(actor: Actor, answerId: string): Promise<Turn>;
  rate(
    actor: Actor,
    answerId: string,
    feedback: { readonly rating: "up" | "down"; readonly reason?: string } | null,
  ): Promise<void>;
}

/** What the program itself does with answers, on behalf of nobody. */
export interface AnswerStore {
  /** Remembers what a running answer shows so far, for the case that its process dies. */
  keep(answerId: string, snapshot: AnswerSnapshot): Promise<void>;
  /** Stores the end once; `false` when it had ended already. */
  finish(answerId: string, outcome: AnswerOutcome, snapshot: AnswerSnapshot): Promise<boolean>;
  /** Ends every `running` answer of other owners as interrupted (this process just started), with what was kept of it; returns how many. */
  interruptAbandoned(owner: string): Promise<number>;
}
