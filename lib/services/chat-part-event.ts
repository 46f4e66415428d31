import type { ChatEvent } from "../core/chat/events.ts";
import type { ChatPart } from "../local-models.ts";

export const resumedNotice: ChatEvent = {
  type: "notice",
  kind: "resumed",
  message: "A node stopped in the middle. Another one went on from here.",
};

/** What readers are told of a part that is no text. */
export function eventOf(
  part: Exclude<ChatPart, { type: "text" } | { type: "reset" } | { type: "resumed" }>,
): ChatEvent {
  if (part.type === "queued") return part;
  const { model, nodeId, firstTokenMs, usage } = part;
  const { promptTokens, cachedPromptTokens, completionTokens } = usage;
  return {
    type: "usage",
    model,
    nodeId,
    promptTokens,
    cachedPromptTokens,
    completionTokens,
    firstTokenMs,
  };
}
