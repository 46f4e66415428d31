import { answerProfileOf } from "../core/chat/answer-profile.ts";
import type { LocalModels } from "../local-models.ts";
import type { Clock } from "../ports/clock.ts";
import { idleCall } from "./idle-answers.ts";

/** Whether the model says both ways round that two questions are the same; `undefined` for a model too small to be asked. */
export function createJudgeSame(deps: {
  readonly models: LocalModels;
  readonly clock: Clock;
}): ((one: string, other: string, signal: AbortSignal) => Promise<boolean>) | undefined {
  const { models, clock } = deps;
  if (answerProfileOf(models.chatModel) !== "phraser") return undefined;
  const says = async (one: string, other: string, signal: AbortSignal): Promise<boolean> => {
    const content = `Question A: ${one}\nQuestion B: ${other}\n\nWould the complete and correct answer to A also be the complete and correct answer to B? Say yes only if they ask for exactly the same. Answer with one word: yes or no.`;
    const messages = [{ role: "user", content }] as const;
    let text = "";
    const request = { messages, options: { temperature: 0, maxTokens: 4 } };
    for await (const part of models.chat(request, idleCall(clock, signal))) {
      if (part.type === "text") text += part.text;
      else if (part.type === "reset") text = "";
    }
    return /^\W*yes\b/i.test(text);
  };
  return async (one, other, signal) =>
    (await says(one, other, signal)) && (await says(other, one, signal));
}
