import type { AnswerSnapshot, ChatEvent } from "./events.ts";

/** An answer before its first event. */
export const emptyAnswer: AnswerSnapshot = {
  sources: [],
  quotes: [],
  verdict: null,
  sentences: [],
  openText: "",
  notices: [],
  model: null,
  outcome: "running",
  error: null,
};

/** What the answer looks like after one more event; the server stores it and the browser shows it. */
export function foldAnswer(answer: AnswerSnapshot, event: ChatEvent): AnswerSnapshot {
  switch (event.type) {
    case "sources": {
      // Found anew: what was said of the search before is over.
      const notices = answer.notices.filter(({ kind }) => kind !== "degraded");
      return { ...answer, sources: event.sources, notices };
    }
    case "evidence":
      return { ...answer, quotes: event.quotes, verdict: event.verdict };
    case "text-delta":
      return { ...answer, openText: answer.openText + event.text };
    case "sentence": {
      const { text, citations, supported } = event;
      const sentences = [...answer.sentences, { text, citations, supported }];
      return { ...answer, sentences, openText: "" };
    }
    case "notice": {
      const { kind, message } = event;
      return { ...answer, notices: [...answer.notices, { kind, message }] };
    }
    case "reset":
      return { ...answer, sentences: [], openText: "" };
    case "text-end":
      return { ...answer, outcome: event.outcome };
    case "error": {
      const { code, message } = event;
      return { ...answer, error: { code, message } };
    }
    case "usage":
      return { ...answer, model: event.model };
    case "queued":
      return answer;
    default:
      return event satisfies never;
  }
}
