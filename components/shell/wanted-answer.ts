import { createStore } from "#components/ui/store.ts";

interface WantedAnswer {
  readonly conversationId: string;
  readonly answerId: string;
}

/** The answer that a search found, until the chat that holds it shows it. */
export const wantedAnswer = createStore<WantedAnswer | null>(null);
