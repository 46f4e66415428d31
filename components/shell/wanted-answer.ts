import { createStore } from "#components/ui/store.ts";

/** The answer that a search found, until the chat that holds it shows it. */
export const wantedAnswer = createStore<string | null>(null);
