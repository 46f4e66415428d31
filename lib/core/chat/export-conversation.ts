import type { AnswerSnapshot, Source } from "./events.ts";

interface ExportedTurn {
  readonly question: string;
  readonly outcome: string;
  readonly snapshot: AnswerSnapshot | null;
  readonly startedAt: Date;
}

interface ExportedConversation {
  readonly title: string;
  readonly createdAt: Date;
}

const placeOf = (source: Source): string =>
  [
    source.documentTitle,
    ...(source.page === null ? [] : [`page ${source.page}`]),
    source.collectionName,
  ].join(" · ");

const marksOf = (citations: readonly number[]): string =>
  citations.map((citation) => `[${citation}]`).join("");

const withheldLine = "_A sentence is not shown: it rests on documents that you cannot read now._";

/** The written part: what the documents support, and a line where something is withheld. */
function writtenText({ sentences }: AnswerSnapshot): string {
  let text = "";
  for (const sentence of sentences) {
    if (sentence.withheld === true) text += `\n\n${withheldLine}\n\n`;
    if (!sentence.supported) continue;
    const gap = text === "" || /^\s*\n/.test(sentence.text) || text.endsWith("\n") ? "" : " ";
    text += `${gap}${sentence.text}${sentence.citations.length > 0 ? ` ${marksOf(sentence.citations)}` : ""}`;
  }
  return text.trim();
}

const asQuote = (text: string, mark: string): string =>
  `${text.trim()} ${mark}`
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");

function answerParts(snapshot: AnswerSnapshot): readonly string[] {
  const quotes = snapshot.quotes.map(({ text, citation }) => asQuote(text, `[${citation}]`));
  const sources = snapshot.sources.map((source) => `${source.citation}. ${placeOf(source)}`);
  return [
    ...(snapshot.outcome === "refused"
      ? ["The documents do not answer this. Nearest passages:"]
      : []),
    ...quotes,
    writtenText(snapshot),
    ...(sources.length === 0 ? [] : [`Sources:\n\n${sources.join("\n")}`]),
  ].filter((part) => part !== "");
}

// A question is a heading of one line, whatever it holds.
const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

/** A conversation as a Markdown document: questions as headings, quotes, the supported text and its sources. */
export function conversationAsMarkdown(
  conversation: ExportedConversation,
  turns: readonly ExportedTurn[],
): string {
  const parts = turns.flatMap(({ question, snapshot }) => [
    `## ${oneLine(question)}`,
    ...(snapshot === null ? ["_The answer is still being written._"] : answerParts(snapshot)),
  ]);
  return `${[`# ${oneLine(conversation.title)}`, ...parts].join("\n\n")}\n`;
}

/** A conversation as JSON for programs: every turn with its quotes, sentences and sources. */
export function conversationAsJson(
  conversation: ExportedConversation,
  turns: readonly ExportedTurn[],
): string {
  const exported = {
    title: conversation.title,
    createdAt: conversation.createdAt.toISOString(),
    turns: turns.map(({ question, outcome, snapshot, startedAt }) => ({
      question,
      askedAt: startedAt.toISOString(),
      outcome,
      model: snapshot?.model ?? null,
      quotes: snapshot?.quotes ?? [],
      sentences: snapshot?.sentences ?? [],
      sources: (snapshot?.sources ?? []).map((source) => ({
        citation: source.citation,
        documentId: source.documentId,
        documentTitle: source.documentTitle,
        collectionName: source.collectionName,
        page: source.page,
        charStart: source.charStart,
        charEnd: source.charEnd,
      })),
    })),
  };
  return `${JSON.stringify(exported, null, 2)}\n`;
}
