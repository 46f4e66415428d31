import { createStore, useStore } from "#components/ui/store.ts";

const storageKey = "drover-drafts";
const mostKept = 50;
const longestKept = 8_000;

type Drafts = ReadonlyMap<string, string>;

const read = (): Drafts => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "[]");
    return new Map(
      (Array.isArray(kept) ? (kept as readonly unknown[]) : []).flatMap((entry) => {
        const [key, text] = Array.isArray(entry) ? (entry as readonly unknown[]) : [];
        return typeof key === "string" && typeof text === "string" ? [[key, text] as const] : [];
      }),
    );
  } catch {
    return new Map();
  }
};

const keep = (drafts: Drafts): void => {
  try {
    localStorage.setItem(storageKey, JSON.stringify([...drafts].slice(-mostKept)));
  } catch {
    // A browser without storage keeps them until the page is closed.
  }
};

const drafts = createStore<Drafts>(new Map());
let loaded = false;

/** Reads what an earlier visit left; called once the page runs, for the server knows no drafts. */
export const loadDrafts = (): void => {
  if (loaded) return;
  loaded = true;
  const kept = read();
  if (kept.size > 0) drafts.set((now) => new Map([...kept, ...now]));
};

/** For signing out: nobody finds them on this machine. */
export const forgetDrafts = (): void => {
  drafts.set(new Map());
  keep(new Map());
};

/** What was written and not sent: a draft for each person and chat, kept in this browser until it is sent. */
export const useDraft = (userId: string, id: string): readonly [string, (text: string) => void] => {
  const key = `${userId} ${id}`;
  return [
    useStore(drafts, (all) => all.get(key) ?? ""),
    (text) => {
      drafts.set((all) => {
        const next = new Map(all);
        next.delete(key);
        if (text !== "") next.set(key, text.slice(0, longestKept));
        keep(next);
        return next;
      });
    },
  ];
};
