import { useEffect, useState } from "react";

import { chatApi } from "#components/api/chat-endpoints.ts";
import { api } from "#components/api/endpoints.ts";
import type { ConversationMatch, DocumentSummary } from "#components/api/shapes.ts";
import type { IconName } from "#components/ui/icon.tsx";
import { useStore } from "#components/ui/store.ts";

import { conversations } from "./conversations.ts";
import { wantedAnswer } from "./wanted-answer.ts";
import { words } from "./words.ts";

/** Something that the palette leads to or does. */
export interface PaletteEntry {
  readonly key: string;
  readonly group: string;
  readonly label: string;
  readonly icon: IconName;
  /** Words around what was found; empty without any. */
  readonly detail: string;
  readonly run: () => void;
}

const searchAfterMs = 120;
const mostDocuments = 6;
const mostChats = 8;

export const matchesWords = (text: string, query: string): boolean => {
  const lower = text.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/u)
    .every((word) => lower.includes(word));
};

interface Found {
  readonly query: string;
  readonly matches: readonly ConversationMatch[];
}

/** Chats that hold every word of the query, from the server; what was found before stays until the next answer. */
export const useFoundChats = (query: string): Found => {
  const [found, setFound] = useState<Found>({ query: "", matches: [] });
  useEffect(() => {
    if (query === "") return undefined;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      chatApi.search(query, controller.signal).then(
        ({ matches }) => {
          setFound({ query, matches });
        },
        // Typing on ends the search before; a server that is away shows in the status line.
        () => undefined,
      );
    }, searchAfterMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [query]);
  return query === "" ? { query, matches: [] } : found;
};

/** Every document that the person may read, read once when the palette opens. */
export const useAllDocuments = (): readonly DocumentSummary[] => {
  const [documents, setDocuments] = useState<readonly DocumentSummary[]>([]);
  useEffect(() => {
    api.documents().then(
      (answer) => {
        setDocuments(answer.documents);
      },
      () => undefined,
    );
  }, []);
  return documents;
};

/** The latest chats while nothing is typed, else those that match. */
export const useChatEntries = (
  query: string,
  onOpen: (path: string) => void,
): readonly PaletteEntry[] => {
  const latest = useStore(conversations, (state) => state.value);
  const { matches } = useFoundChats(query);
  const listed: readonly ConversationMatch[] =
    query === ""
      ? (latest ?? [])
          .slice(0, mostChats)
          .map((conversation) => ({ conversation, answerId: null, excerpt: "" }))
      : matches;
  return listed.map(({ conversation, answerId, excerpt }) => ({
    key: `chat-${conversation.id}`,
    group: words.groupChats,
    label: conversation.title,
    icon: conversation.archived ? "archive" : "document",
    detail: excerpt,
    run: () => {
      wantedAnswer.set(answerId === null ? null : { conversationId: conversation.id, answerId });
      onOpen(`/c/${conversation.id}${answerId === null ? "" : `#${answerId}`}`);
    },
  }));
};

export const documentEntries = (
  documents: readonly DocumentSummary[],
  query: string,
  onOpen: (document: DocumentSummary) => void,
): readonly PaletteEntry[] =>
  query === ""
    ? []
    : documents
        .filter(({ title, fileName }) => matchesWords(`${title} ${fileName}`, query))
        .slice(0, mostDocuments)
        .map((document) => ({
          key: `document-${document.id}`,
          group: words.groupDocuments,
          label: document.title,
          icon: "books",
          detail: `${document.fileName} · ${document.collectionName}`,
          run: () => {
            onOpen(document);
          },
        }));
