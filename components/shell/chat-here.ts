import { createStore } from "#components/ui/store.ts";

/** Whether the chat is on the page: then another one opens in its place, without a new page. */
export const chatHere = createStore(false);
