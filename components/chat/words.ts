import type { AnswerSnapshot } from "#lib/core/chat/events.ts";
import { sayCount, sayWait } from "#components/ui/time-words.ts";

/** Every sentence of the chat. */
export const words = {
  askAnything: "Ask a question. The answer is quoted from your documents.",
  searchesIn: "Searches in",
  tryOne: "Questions these documents answer",
  emptyTitle: "Nothing to search yet",
  emptyText: "Add a few documents and ask about them. Answers quote the passage they come from.",
  emptyMember: "An admin has to add documents before anyone can ask about them.",
  addDemo: "Add the demo documents",
  upload: "Upload documents",
  addingDemo: "Reading the demo documents",
  demoFailed: "The demo documents could not be added.",
  placeholder: "Ask about your documents",
  composerLabel: "Question",
  send: "Send",
  stop: "Stop",
  stopping: "Stopping",
  pickerLabel: "Collections to search",
  allCollections: "All collections",
  noCollection: "Choose a collection",
  fixedCollections: "A chat keeps its collections. Start a new chat to search elsewhere.",
  evidence: "From the documents",
  written: "Written from these passages",
  unsupportedOpen: "Not supported by the documents",
  refusalTitle: "The documents do not answer this",
  refusalStrict:
    "Nothing that was found answers the question, so nothing was written. You can search another collection, add a document that covers it, or ask in other words.",
  related: "Perhaps related",
  searched: "Searched",
  noRelated: "No passage came close.",
  sources: "Sources",
  copy: "Copy with sources",
  copied: "Copied",
  copyFailed: "Copying was refused by the browser",
  retry: "Ask again",
  good: "Good answer",
  poor: "Poor answer",
  whyPoor: "What was wrong?",
  whyPoorHint: "Optional. An admin can read it.",
  reasons: ["Wrong", "Missed a passage", "Source does not fit", "Not what I asked"],
  sendFeedback: "Send",
  thanks: "Thank you. Noted.",
  feedbackFailed: "Your rating could not be saved.",
  stopped: "You stopped this answer.",
  interrupted: "The server restarted while this was being written. What had arrived is kept.",
  failed: "The answer could not be finished.",
  askFailedAction: "Send again",
  retryAction: "Ask again",
  jump: "Jump to latest",
  transcript: "Conversation",
  lost: "The connection was lost. The answer goes on; reconnecting.",
  searching: "Searching the documents",
  writing: "Writing",
  slow: "This is taking longer than usual: the models are busy or still being loaded. Your place is kept.",
  loading: "Opening the chat",
  openAgain: "Try again",
  notFound: "This chat does not exist, or is not yours.",
  newChat: "New chat",
  showPassage: (citation: number, title: string, page: number | null): string =>
    `Source ${String(citation)}: ${title}${page === null ? "" : `, page ${String(page)}`}. Open the passage`,
} as const;

export const sayPlace = (place: number, expectedMs: number): string =>
  place <= 0
    ? `You are next, ${sayWait(expectedMs)}`
    : `${String(place)} ahead of you, ${sayWait(expectedMs)}`;

export const saySources = (count: number): string => sayCount(count, "source", "sources");

/** What a screen reader says once when an answer is there. */
export const sayFinished = (snapshot: AnswerSnapshot): string => {
  switch (snapshot.outcome) {
    case "complete":
      return `Answer finished, ${saySources(snapshot.sources.length)}.`;
    case "refused":
      return `The documents do not answer this. ${sayCount(snapshot.quotes.length, "passage is", "passages are")} perhaps related.`;
    case "stopped":
      return "Answer stopped.";
    case "interrupted":
      return "The answer was interrupted.";
    case "failed":
      return snapshot.error?.message ?? words.failed;
    case "running":
      return "";
    default:
      return snapshot.outcome satisfies never;
  }
};
