import { quotedDocuments } from "#lib/core/chat/visible-snapshot.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { AppError } from "#lib/core/errors/app-error.ts";
import type {
  AnswerStore,
  ConversationStore,
  TurnContext,
  ConversationSummary,
  Turn,
} from "#lib/ports/conversation-store.ts";

interface Kept {
  readonly userId: string;
  conversation: ConversationSummary;
  turns: Turn[];
}

export interface MemoryConversations {
  readonly conversations: ConversationStore;
  readonly answers: AnswerStore;
  /** Every call of `finish` that stored something, in order. */
  readonly finished: readonly string[];
}

/** Conversations and answers of a single test, kept in memory. */
export function createMemoryConversations(): MemoryConversations {
  const kept = new Map<string, Kept>();
  const owners = new Map<string, string>();
  const finished: string[] = [];
  let ids = 0;

  const own = (actor: Actor, conversationId: string): Kept => {
    const found = kept.get(conversationId);
    if (found?.userId !== actor.userId) throw new AppError("not_found", {});
    return found;
  };
  const ownTurn = (actor: Actor, answerId: string): Turn => {
    for (const entry of kept.values())
      for (const turn of entry.turns)
        if (turn.answerId === answerId && entry.userId === actor.userId) return turn;
    throw new AppError("not_found", {});
  };
  const change = (answerId: string, part: Partial<Turn>): void => {
    for (const entry of kept.values())
      entry.turns = entry.turns.map((turn) =>
        turn.answerId === answerId ? { ...turn, ...part } : turn,
      );
  };
  const turnOf = (answerId: string): Turn | undefined =>
    [...kept.values()].flatMap((entry) => entry.turns).find((turn) => turn.answerId === answerId);

  const conversations: ConversationStore = {
    list: async (actor) =>
      [...kept.values()].filter((e) => e.userId === actor.userId).map((e) => e.conversation),
    get: async (actor, id) => own(actor, id),
    async create(actor, { title, collectionIds }) {
      ids += 1;
      const at = new Date(0);
      const conversation = {
        id: `c${String(ids)}`,
        title,
        collectionIds,
        pinned: false,
        archived: false,
        createdAt: at,
        updatedAt: at,
      };
      kept.set(conversation.id, { userId: actor.userId, conversation, turns: [] });
      return conversation;
    },
    async change(actor, id, part) {
      const entry = own(actor, id);
      entry.conversation = { ...entry.conversation, ...part };
    },
    async showBranch(actor, id) {
      own(actor, id);
    },
    async search() {
      return [];
    },
    async attachments(actor, id) {
      own(actor, id);
      return null;
    },
    async makeAttachments(actor, id) {
      return `files of ${own(actor, id).conversation.id}`;
    },
    async remove(actor, id) {
      own(actor, id);
      kept.delete(id);
    },
    async nextTurn(actor, id) {
      const { conversation, turns } = own(actor, id);
      return { collectionIds: conversation.collectionIds, history: historyOf(turns) };
    },
    async addTurn(actor, id, { question, owner }) {
      const entry = own(actor, id);
      ids += 1;
      const answerId = `a${String(ids)}`;
      owners.set(answerId, owner);
      const history = historyOf(entry.turns);
      const turn = entry.turns.length;
      entry.turns.push({
        answerId,
        turn,
        siblings: [answerId],
        question,
        outcome: "running",
        snapshot: null,
        rating: null,
        startedAt: new Date(0),
        endedAt: null,
      });
      return { answerId, turn, collectionIds: entry.conversation.collectionIds, history };
    },
    async addFirstTurn(actor, { title, collectionIds, ...turn }) {
      const conversation = await conversations.create(actor, { title, collectionIds });
      const { answerId } = await conversations.addTurn(actor, conversation.id, turn);
      return { conversation, answerId };
    },
    ownAnswer: async (actor, answerId) => ownTurn(actor, answerId),
    async rate(actor, answerId, feedback) {
      ownTurn(actor, answerId);
      change(answerId, { rating: feedback?.rating ?? null });
    },
  };

  const answers: AnswerStore = {
    async keep(answerId, snapshot) {
      if (turnOf(answerId)?.outcome === "running") change(answerId, { snapshot });
    },
    async finish(answerId, outcome, snapshot) {
      if (turnOf(answerId)?.outcome !== "running") return false;
      change(answerId, { outcome, snapshot, endedAt: new Date(0) });
      finished.push(answerId);
      return true;
    },
    async interruptAbandoned(owner) {
      let count = 0;
      for (const [answerId, other] of owners) {
        if (other === owner || turnOf(answerId)?.outcome !== "running") continue;
        change(answerId, { outcome: "interrupted", endedAt: new Date(0) });
        count += 1;
      }
      return count;
    },
  };
  return { conversations, answers, finished };
}

const historyOf = (turns: readonly Turn[]): TurnContext["history"] =>
  turns.map((turn) => ({
    question: turn.question,
    answer: (turn.snapshot?.sentences ?? []).map((sentence) => sentence.text).join(" "),
    documentIds: turn.snapshot === null ? [] : quotedDocuments(turn.snapshot),
  }));
