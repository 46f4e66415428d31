import type { GoldenMeasure } from "#lib/core/evaluation/golden-question.ts";
import type { FailedQuestion, QualityWork, WorkState } from "#components/api/quality-shapes.ts";
import { sayCount } from "#components/ui/time-words.ts";

/** Every sentence of the quality pages. */
export const words = {
  title: "Quality",
  pages: "Quality pages",
  workPage: "What to mend",
  notRead: "The quality figures could not be read.",
  trace: "How it came about",
  traceOf: (question: string) => `How the answer to “${question}” came about`,
  failed: (what: string) => `${what} could not be saved.`,
  cancel: "Cancel",
  save: "Save",
  close: "Close",
  none: "–",
} as const;

export const workWords = {
  states: { open: "Open", done: "Done" } as Readonly<Record<WorkState, string>>,
  stateLabel: "Which entries",
  questions: "Questions that went wrong",
  documents: "Documents that no answer found",
  questionsHint: "Who asked is not shown. Chats with attached files are never listed.",
  documentsHint: "Among no answer’s sources for 90 days, or since they were added.",
  noQuestions: {
    open: "No question is open. Refused questions and thumbs down come here.",
    done: "No question has been dealt with yet.",
  } as Readonly<Record<WorkState, string>>,
  noDocuments: {
    open: "Every document older than a week has been found by a question.",
    done: "No document has been dealt with yet.",
  } as Readonly<Record<WorkState, string>>,
  kinds: {
    refused: "The documents did not answer it",
    "rated-down": "Thumbs down",
    failed: "Broke off",
  } as Readonly<Record<FailedQuestion["kind"], string>>,
  times: (times: number) => `${String(times)} times`,
  columns: {
    question: "Question",
    why: "Why it is here",
    when: "Asked",
    document: "Document",
    collection: "Collection",
    added: "Added",
    actions: "Actions",
  },
  settle: "Done",
  reopen: "Open again",
  settled: "Marked as done",
  reopened: "Open again",
  undo: "Undo",
  makeGolden: "Make golden",
  isGolden: "Golden",
  settleOf: (what: string) => `Done: ${what}`,
  reopenOf: (what: string) => `Open again: ${what}`,
  scorer: (judge: string) => `Evidence is chosen and judged by ${judge}.`,
  chunks: (count: number) => sayCount(count, "passage", "passages"),
} as const;

/** The first line of the page. */
export function sayWork({ counts, lastMonth }: QualityWork): string {
  const { questions, documents } = counts.open;
  const todo = [
    questions === 0 ? null : sayCount(questions, "question needs a look", "questions need a look"),
    documents === 0
      ? null
      : sayCount(documents, "document was never found", "documents were never found"),
  ].filter((part) => part !== null);
  const now = todo.length === 0 ? "Nothing is open" : todo.join("; ");
  const { asked, refused } = lastMonth;
  if (asked === 0) return `${now}. Nobody has asked anything in the last 30 days.`;
  return `${now}. In the last 30 days ${sayCount(asked, "question was", "questions were")} asked, ${String(Math.round((100 * refused) / asked))} % of them refused.`;
}

export const goldenWords = {
  title: "Golden questions",
  collection: "Collection",
  notRead: "The golden questions could not be read.",
  noCollections: "There is no collection yet. Golden questions belong to one.",
  add: "New question",
  edit: (question: string) => `Edit “${question}”`,
  editShort: "Edit",
  remove: (question: string) => `Delete “${question}”`,
  removed: "Question deleted",
  undo: "Undo",
  import: "Import",
  export: "Export",
  exports: {
    csv: "Table (CSV)",
    jsonl: "Questions (queries.jsonl)",
    qrels: "Judgements (qrels.tsv)",
    corpus: "Documents (corpus.jsonl)",
  },
  run: "Ask them all",
  empty:
    "No golden question yet. Write one, import a table with the columns question, file and passage, or make one from a question that went wrong.",
  columns: { question: "Question", expected: "Right place", last: "Last run", actions: "Actions" },
  unanswerable: "The documents do not answer it",
  questionLabel: "Question",
  answeredBy: "What is right",
  answeredByDocument: "A document answers it",
  answeredByNone: "The documents do not answer it: it must be refused",
  fileLabel: "Document",
  filePlaceholder: "Name of its file",
  passageLabel: "Words of the passage that answers it",
  passageHint:
    "A sentence or two as they stand in the document. Empty: any passage of it is right.",
  dialogTitles: { add: "New golden question", edit: "Golden question" },
  added: "Golden question added",
  known: "This collection has that question already",
  saved: "Saved",
  importTitle: "Import golden questions",
  importHint:
    "A table (CSV) with the columns question, file, passage, or lines of JSON as an export has them. Questions that are there already stay as they are.",
  importFile: "File",
  imported: (added: number, known: number) =>
    `${sayCount(added, "question", "questions")} added${known === 0 ? "" : `, ${String(known)} were there already`}.`,
  importFaults: (count: number) => `${sayCount(count, "line was", "lines were")} left out:`,
  runs: "Runs",
  runsEmpty: "These questions have not been asked yet.",
  runColumns: { when: "When", settings: "Search", compare: "Compare" },
  running: (asked: number, all: number) => `asked ${String(asked)} of ${String(all)}`,
  statuses: { waiting: "waits", running: "runs", complete: "", failed: "failed" },
  before: "Before",
  after: "After",
  compareTitle: "Before and after",
  compareHint: "Choose two runs. What came out otherwise is listed, losses first.",
  noChange: "No question of both runs came out otherwise.",
  started: "The questions are being asked",
  better: "Better",
  worse: "Worse",
  settings: (vectorShare: number) => `meaning ${String(Math.round(vectorShare * 100))} %`,
  progress: "Progress of the run",
} as const;

export const measureWords: Readonly<
  Record<GoldenMeasure, { readonly short: string; readonly long: string }>
> = {
  "recall@1": { short: "First", long: "right passage at the first place" },
  "recall@5": { short: "Top 5", long: "right passage among the first five" },
  "recall@8": { short: "Top 8", long: "right passage among those that an answer gets" },
  "mrr@20": { short: "MRR", long: "mean of one over the place of the right passage" },
  answered: { short: "Answered", long: "answerable questions that were not refused" },
  evidence: { short: "Evidence", long: "a quote from the right passage" },
  refused: { short: "Refused", long: "questions without an answer that were refused" },
};

/** How one question came out, in words. */
export const sayResult = (result: {
  readonly fileName: string | null;
  readonly rank: number | null;
  readonly evidence: boolean | null;
  readonly refused: boolean;
}): string => {
  if (result.fileName === null) return result.refused ? "rightly refused" : "answered, wrongly";
  const place = result.rank === null ? "not found" : `place ${String(result.rank)}`;
  const rest = result.refused
    ? "refused, wrongly"
    : result.evidence === true
      ? "quoted"
      : "not quoted";
  return `${place}, ${rest}`;
};

export const searchWords = {
  title: "Try a search",
  says: "What the search finds with other parameters, beside what it finds now. Nothing here changes how questions are answered.",
  question: "Question",
  previous: "Question before it",
  previousHint: "Searched together with it, as for a follow-up.",
  collection: "Search in",
  everywhere: "Every collection",
  parameters: "Parameters to try",
  vectorShare: "Weight of meaning",
  vectorShareHint: "0 %: words alone; 100 %: vectors alone.",
  lexicalCandidates: "Candidates by words",
  vectorCandidates: "Candidates by meaning",
  limit: "Passages for an answer (k)",
  neighbourChars: "Characters of neighbours",
  language: "Language of the words",
  anyLanguage: "Each document’s own",
  reset: "As it is now",
  now: "Now",
  tried: "Tried",
  same: "The same as now: change a parameter to compare.",
  empty: "Ask something to see what is found.",
  nothing: "Nothing was found.",
  lexicalOnly: "No node could embed the question: words alone.",
  searched: "Searched words",
  took: (ms: number) => `${String(ms)} ms`,
  runGolden: "Ask the golden questions with these",
  runGoldenDone: "The golden questions are being asked with these",
  moved: (places: number) =>
    places === 0 ? "same place" : places > 0 ? `up ${String(places)}` : `down ${String(-places)}`,
  isNew: "new",
  gone: (count: number) => `${sayCount(count, "passage", "passages")} no longer among them`,
  failed: "The search failed.",
  columns: {
    place: "Place",
    passage: "Passage",
    words: "Words",
    meaning: "Meaning",
    score: "Score",
    outcome: "Outcome",
  },
  outcomes: { shown: "shown", copy: "says the same as one above", cut: "below the cut" },
  rank: (rank: number | null) => (rank === null ? "–" : `#${String(rank)}`),
  hidden: "A passage that is gone, or that only its owner may read",
  flagged: "speaks to a model",
  open: (title: string) => `Open the passage in “${title}”`,
  more: (count: number) => `Show all ${String(count)}`,
} as const;

export const traceWords = {
  title: "How an answer came about",
  notRead: "The trace could not be read.",
  question: "Question",
  othersQuestion:
    "Somebody else asked this. You see how the answer was made, but not the words: people’s questions are shown only when they rate the answer, or when the documents did not answer it.",
  rated: { up: "Thumbs up", down: "Thumbs down" },
  noTrace: "No trace of this answer is kept.",
  noTraceHint:
    "Traces are kept for the days set on the settings page, and answers from before that have none.",
  searched: "Searched",
  scored: "Scored and cut",
  evidence: "Evidence",
  sent: "Sent to the model",
  checked: "Checked",
  notices: "Notes",
  withPrevious: "The question before it was searched with it.",
  cache: (by: string | null) =>
    by === "exact"
      ? "An answer that was given before was proven and given again, by its exact text."
      : by === "alias"
        ? "An answer that was given before was proven and given again, by a wording known to mean the same."
        : "An answer that was given before was proven and given again, by likeness of the questions.",
  verdicts: {
    answerable: "The quotes answer the question.",
    related: "The quotes do not answer the question: refused.",
  },
  noEvidence: "It ended before evidence was chosen.",
  noModel: "No model was asked.",
  sentTo: (model: string, node: string) => `${model} on ${node}`,
  tokens: (prompt: number, cached: number, written: number) =>
    `${String(prompt)} tokens read (${String(cached)} of them kept from before), ${String(written)} written`,
  estimated: (tokens: number) => `about ${String(tokens)} tokens sent; it did not finish`,
  told: (citations: readonly number[]) =>
    citations.length === 0
      ? "No passage stands in the prompt."
      : `Passages told: ${citations.join(", ")}`,
  written: "As the model wrote it",
  supported: "supported",
  unsupported: "not supported",
  nothingChecked: "Nothing that a model wrote was shown.",
  citing: (citations: readonly number[]) =>
    citations.length === 0 ? "cites nothing" : `cites ${citations.join(", ")}`,
  resets: (count: number) => `${sayCount(count, "attempt", "attempts")} broke off and began anew`,
  tryIt: "Try this search",
  makeGolden: "Make golden",
  scope: (count: number) =>
    count === 0 ? "Every collection in reach" : sayCount(count, "collection", "collections"),
  term: (lexeme: string, count: number) =>
    `${lexeme === "" ? "…" : lexeme} in ${sayCount(count, "chunk", "chunks")}`,
} as const;

const outcomes = {
  running: "It is still running",
  complete: "It was answered",
  refused: "It was refused",
  stopped: "It was stopped",
  interrupted: "It was interrupted by a restart",
  failed: "It failed",
} as const;

/** The first line: how it went. */
export function sayTrace(traced: {
  readonly outcome: keyof typeof outcomes;
  readonly trace: {
    readonly evidenceAfterMs: number | null;
    readonly tookMs: number | null;
    readonly search: { readonly ranking: readonly unknown[] } | null;
  } | null;
}): string {
  const { trace } = traced;
  const parts = [
    trace?.search == null
      ? null
      : `${sayCount(trace.search.ranking.length, "candidate", "candidates")} scored`,
    trace?.evidenceAfterMs == null ? null : `evidence after ${String(trace.evidenceAfterMs)} ms`,
    trace?.tookMs == null ? null : `done after ${(trace.tookMs / 1000).toFixed(1)} s`,
  ].filter((part) => part !== null);
  return `${outcomes[traced.outcome]}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}.`;
}
