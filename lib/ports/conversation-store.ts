import type { Actor } from "../core/access/actor.ts";
import type { AnswerOutcome, AnswerSnapshot } from "../core/chat/events.ts";

export interface ConversationSummary {
  readonly id: string;
  readonly title: string;
  readonly collectionIds: readonly string[];
  readonly pinned: boolean;
  readonly archived: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface Turn {
  readonly answerId: string;
  /** Place in its branch, from 0. */
  readonly turn: number;
  /** Every answer at this place, the oldest first, itself among them: branches to switch to. */
  readonly siblings: readonly string[];
  readonly question: string;
  readonly outcome: AnswerOutcome | "running";
  /** `null` while it runs; then the stored fold of its events, as far as the reader may read its documents now. */
  readonly snapshot: AnswerSnapshot | null;
  readonly rating: "up" | "down" | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
}

export interface ConversationChange {
  readonly title?: string;
  readonly pinned?: boolean;
  readonly archived?: boolean;
}

/** A conversation that holds every word of a search, with the place where it was found. */
export interface ConversationMatch {
  readonly conversation: ConversationSummary;
  /** The answer whose question or words match; `null` when only the title does. */
  readonly answerId: string | null;
  /** The matching text around the words, in one line. */
  readonly excerpt: string;
}

export interface NewTurn {
  readonly question: string;
  /** The process that will drive the answer. */
  readonly owner: string;
  /** Asks again at the place of this answer, as a branch beside it; otherwise after the last answer shown. */
  readonly replaces?: string;
}

export interface EarlierTurn {
  readonly question: string;
  readonly answer: string;
  /** Documents that it was answered from. */
  readonly documentIds: readonly string[];
}

export interface TurnContext {
  readonly collectionIds: readonly string[];
  /** Questions and answers so far, oldest first; the last dozen. */
  readonly history: readonly EarlierTurn[];
}

/** A person's own conversations: nobody else's, not even for an admin. */
export interface ConversationStore {
  /** The newest first; one without a question yet is left out. */
  list(actor: Actor): Promise<readonly ConversationSummary[]>;
  /** The conversation with the turns of the branch that is shown; of a long one only the `newest` so many, where that is given. */
  get(
    actor: Actor,
    conversationId: string,
    newest?: number,
  ): Promise<{ readonly conversation: ConversationSummary; readonly turns: readonly Turn[] }>;
  create(
    actor: Actor,
    conversation: { readonly title: string; readonly collectionIds: readonly string[] },
  ): Promise<ConversationSummary>;
  change(actor: Actor, conversationId: string, change: ConversationChange): Promise<void>;
  remove(actor: Actor, conversationId: string): Promise<void>;
  /** Shows the newest branch through this answer. */
  showBranch(actor: Actor, conversationId: string, answerId: string): Promise<void>;
  search(actor: Actor, words: readonly string[]): Promise<readonly ConversationMatch[]>;
  /** Id of the collection for files of this conversation alone; `null` while it has none. */
  attachments(actor: Actor, conversationId: string): Promise<string | null>;
  /** As `attachments`, and makes it. */
  makeAttachments(actor: Actor, conversationId: string): Promise<string>;
  /** What a question asked now would be asked of, without asking it. */
  nextTurn(
    actor: Actor,
    conversationId: string,
    replaces: string | undefined,
  ): Promise<TurnContext>;
  /** Adds a question with a running answer. */
  addTurn(
    actor: Actor,
    conversationId: string,
    turn: NewTurn,
  ): Promise<TurnContext & { readonly answerId: string; readonly turn: number }>;
  /** A new conversation with its first question. Throws `not_found` when a collection may not be read. */
  addFirstTurn(
    actor: Actor,
    begun: {
      readonly title: string;
      readonly collectionIds: readonly string[];
    } & Pick<NewTurn, "question" | "owner">,
  ): Promise<{ readonly conversation: ConversationSummary; readonly answerId: string }>;
  /** Throws `not_found` unless the answer belongs to the actor. */
  ownAnswer(actor: Actor, answerId: string): Promise<Turn>;
  rate(
    actor: Actor,
    answerId: string,
    feedback: { readonly rating: "up" | "down"; readonly reason?: string } | null,
  ): Promise<void>;
}

export interface ConversationShare {
  readonly id: string;
  readonly createdAt: Date;
}

/** Links by which others of the workspace read a conversation; each ends at the answer that was the last when it was made. */
export interface ShareStore {
  /** Owner only, as all but `read`. */
  list(actor: Actor, conversationId: string): Promise<readonly ConversationShare[]>;
  create(actor: Actor, conversationId: string): Promise<ConversationShare>;
  revoke(actor: Actor, shareId: string): Promise<void>;
  /** For any member of the workspace: the branch as far as it was shared, with the evidence that this reader may read. */
  read(
    actor: Actor,
    shareId: string,
  ): Promise<{
    readonly title: string;
    readonly sharedBy: string;
    readonly createdAt: Date;
    readonly turns: readonly Turn[];
  }>;
}

/** What the program itself does with answers, on behalf of nobody. */
export interface AnswerStore {
  /** Remembers what a running answer shows so far, for the case that its process dies. */
  keep(answerId: string, snapshot: AnswerSnapshot): Promise<void>;
  /** Stores the end once; `false` when it had ended already. */
  finish(answerId: string, outcome: AnswerOutcome, snapshot: AnswerSnapshot): Promise<boolean>;
  /** Ends every `running` answer of other owners that do not live as interrupted, with what was kept of it; returns how many. */
  interruptAbandoned(owner: string): Promise<number>;
}
