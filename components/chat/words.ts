import type { AnswerSnapshot } from "#lib/core/chat/events.ts";
import type { DocumentSummary } from "#components/api/shapes.ts";
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
  aChat: "Chat",
  tabTitle: (title: string): string => `${title} · Drover`,
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
  trace: "How it came about",
  feedbackSeen: "Admins can read this question and its answer then, without your name.",
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
  noChat: "No chat here",
  notFound: "This chat does not exist, or is not yours.",
  newChat: "New chat",
  branches: "Wordings of this question",
  branchOf: (place: number, count: number): string => `${String(place)} of ${String(count)}`,
  earlierBranch: "Show the one before",
  laterBranch: "Show the next one",
  rewrite: "Edit the question",
  rewriteHint: "The answer so far is kept: you can switch back to it.",
  cancel: "Cancel",
  followUps: "These documents also answer",
  withheld: "Not shown: this rests on documents that you cannot read now.",
  stillWritten: "This answer was still being written when you opened the page.",
  attach: "Attach a file to this chat",
  attached: "Attached to this chat",
  attachedHint: "Searched in this chat only. Nobody else can read it.",
  attaching: "Sending",
  attachFailed: (name: string): string => `${name} could not be attached.`,
  detach: (name: string): string => `Remove ${name}`,
  waitForFiles: "Your files are still being read. You can ask as soon as they are.",
  dropHere: "Drop files to attach them to this chat",
  sharedBy: (name: string): string => `Shared by ${name}`,
  sharedHint: "You see what the documents that you may read support.",
  sharedGone: "This link does not work any more, or was never one of yours.",
  showPassage: (citation: number, title: string, page: number | null): string =>
    `Source ${String(citation)}: ${title}${page === null ? "" : `, page ${String(page)}`}. Open the passage`,
} as const;

/** State of an attached file in a word; empty when it is ready. */
export const sayFileStatus = (document: DocumentSummary): string => {
  switch (document.status) {
    case "queued":
      return "waiting";
    case "processing":
      return document.progressTotal > 0
        ? `reading ${String(Math.round((100 * document.progressDone) / document.progressTotal))} %`
        : "reading";
    case "ready":
      return "";
    case "failed":
      return document.failure?.reason ?? "could not be read";
    case "cancelled":
      return "cancelled";
    default:
      return document.status satisfies never;
  }
};

/** @param place in the line, from 1 */
export const sayPlace = (place: number, expectedMs: number): string =>
  place <= 1
    ? `You are next, ${sayWait(expectedMs)}`
    : `${String(place - 1)} ahead of you, ${sayWait(expectedMs)}`;

export const saySources = (count: number, locale?: string): string =>
  sayCount(count, "source", "sources", locale);

export const sayDocuments = (count: number, locale?: string): string =>
  sayCount(count, "document", "documents", locale);

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
