import { fakeTokens, type FakeBehaviour } from "./behaviour.ts";
import type { SeenRequest } from "./node-state.ts";

const userMark = "<|user|>";
const answerMark = "<|assistant|>";

/** The fake's own template. */
export const renderPrompt = (prompt: string): string => `${userMark}${prompt}${answerMark}`;

/** The answer's tokens, without those that a raw prompt holds already. */
export function replyTokens(
  behaviour: FakeBehaviour,
  seen: SeenRequest,
  prompt: string,
  serial: number,
): readonly string[] {
  const options = seen.body["options"] as { num_predict?: number } | undefined;
  const limit = options?.num_predict ?? 1000;
  const { question, said } = split(prompt);
  const before = behaviour.canContinue ? fakeTokens(said).length : 0;
  const whole =
    behaviour.reply === "stamped"
      ? stampedTokens(question, `${behaviour.name}.${String(serial)}`)
      : fakeTokens(behaviour.reply === "" ? (question.split("\n").at(-1) ?? "") : behaviour.reply);
  return whole.slice(before, before + limit);
}

function split(prompt: string): { readonly question: string; readonly said: string } {
  const at = prompt.indexOf(answerMark);
  if (!prompt.startsWith(userMark) || at < 0) return { question: prompt, said: "" };
  return {
    question: prompt.slice(userMark.length, at),
    said: prompt.slice(at + answerMark.length),
  };
}

function stampedTokens(question: string, stamp: string): readonly string[] {
  const [, id = "?", count = "10"] = /id=(\S+) tokens=(\d+)/.exec(question) ?? [];
  return Array.from({ length: Number(count) }, (_, index) => ` ${id}:${String(index)}:${stamp}`);
}
