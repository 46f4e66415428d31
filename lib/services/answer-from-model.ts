import type { AnswerInstructions } from "../core/chat/answer-instructions.ts";
import { createSentenceStream } from "../core/chat/sentence-stream.ts";
import type { ChatEvent } from "../core/chat/events.ts";
import { generalPrompt } from "../core/rag/prompt.ts";
import type { LocalModels, ModelCall } from "../local-models.ts";
import { eventOf, resumedNotice } from "./chat-part-event.ts";

const mostTokens = 384;

interface GeneralQuestion {
  readonly question: string;
  readonly instructions: AnswerInstructions;
}

/** What a model says without any document: every sentence is unsupported, and a notice says so first. */
export async function* answerFromModel(
  { models }: { readonly models: LocalModels },
  { question, instructions }: GeneralQuestion,
  call: ModelCall,
): AsyncGenerator<ChatEvent, void> {
  yield {
    type: "notice",
    kind: "general",
    message: "The documents do not answer this. What follows is what the model knows, unchecked.",
  };
  const options = { temperature: 0.2, maxTokens: mostTokens };
  let stream = createSentenceStream();
  let index = 0;
  const unsupported = (text: string): ChatEvent => ({
    type: "sentence",
    index: index++,
    text,
    citations: [],
    supported: false,
  });
  const messages = generalPrompt(question, instructions);
  for await (const part of models.chat({ messages, options }, call)) {
    if (part.type === "text") {
      yield { type: "text-delta", text: part.text };
      for (const sentence of stream.push(part.text)) yield unsupported(sentence);
      continue;
    }
    if (part.type === "reset") {
      stream = createSentenceStream();
      index = 0;
      yield part;
    } else if (part.type === "resumed") yield resumedNotice;
    else {
      const rest = part.type === "usage" ? stream.rest() : "";
      if (rest !== "") yield unsupported(rest);
      yield eventOf(part);
    }
  }
}
