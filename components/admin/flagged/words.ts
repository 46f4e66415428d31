import { sayCount } from "#components/ui/time-words.ts";

/** By the names of core/rag/injection-signs.ts; what is not here is shown by its name. */
const signs: Readonly<Record<string, string>> = {
  override: "asks to set rules aside",
  addressed: "addresses an assistant",
  answer: "tells how to answer",
  code: "tells what to do with code",
  role: "pretends to be the system",
  persona: "gives out a role",
  secret: "asks for secrets",
  conceal: "asks to keep something quiet",
  dictation: "dictates an answer",
};

export const words = {
  title: "Flagged passages",
  intro:
    "These passages look as if they spoke to a model instead of a reader. Drover never does what a document says; what it finds here can still be quoted, and answers that use it are never cached. Delete a document that should not be there.",
  notRead: "The flagged passages could not be read.",
  none: "No passage looks like an instruction to a model.",
  state: (total: number, shown: number) =>
    shown < total
      ? `${sayCount(total, "passage", "passages")}, the first ${String(shown)} are shown`
      : sayCount(total, "passage", "passages"),
  open: (title: string) => `Open this passage of ${title}`,
  page: (page: number) => `page ${String(page)}`,
  sign: (name: string) => signs[name] ?? name,
} as const;
