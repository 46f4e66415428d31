import { createStore, useStore } from "#components/ui/store.ts";

/** What was written and not sent, a draft for each chat, until the page is closed. */
const drafts = createStore<ReadonlyMap<string, string>>(new Map());

export const useDraft = (id: string): readonly [string, (text: string) => void] => [
  useStore(drafts, (all) => all.get(id) ?? ""),
  (text) => {
    drafts.set((all) => new Map(all).set(id, text));
  },
];
