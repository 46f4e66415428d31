import { sayCount } from "#components/ui/time-words.ts";

export const upkeepWords = {
  item: "Language, retention and sources…",
  title: (name: string) => `${name}: language, retention and sources`,
  language: "Language of its documents",
  languageHint:
    "Words are found in the forms of this language. After a change the documents are read again, and are found as before until then.",
  languages: {
    auto: "Each document in its own",
    simple: "None: words as they are written",
  } as Readonly<Record<string, string>>,
  rereading: "Saved. Documents in another language are being read again.",
  retention: "Remove documents after this many days (optional)",
  retentionHint:
    "Counted from the day a document was added. Empty: documents stay until somebody deletes them. What is removed cannot be brought back; answers that cited it keep their words.",
  retentionFault: "Use a whole number of days from 1 to 36,500, or leave it empty.",
  save: "Save",
  saved: "Saved.",
  close: "Close",
  sources: "Kept in step with",
  none: "No folder or page yet. Documents come by upload only.",
  kind: "What to follow",
  kinds: { web: "A web page", folder: "A folder of the server" },
  location: { web: "Address of the page", folder: "Whole path of the folder" },
  every: "Look for changes",
  everyHours: { "1": "each hour", "6": "each 6 hours", "24": "each day", "168": "each week" },
  vanished: "When something is gone there",
  onVanished: { keep: "Keep its document and mark it", remove: "Remove its document" },
  add: "Follow",
  adding: "Looking …",
  syncNow: (location: string) => `Look for changes in ${location} now`,
  remove: (location: string) => `Stop following ${location}`,
  waiting: "Waits for its turn.",
  documents: (count: number) => sayCount(count, "document", "documents"),
  lastRun: (moment: string, result: string) => `${moment}: ${result}`,
} as const;
