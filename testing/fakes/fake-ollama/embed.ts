import type { ServerResponse } from "node:http";
import { embedModel, fakeEmbedding, fakeTokens } from "./behaviour.ts";
import { send, type NodeState, type SeenRequest } from "./node-state.ts";
import {
  clientGone,
  countOpen,
  ensureLoaded,
  knownModel,
  nanoseconds,
  pause,
  textOf,
  takeFault,
} from "./work.ts";

const longestInputTokens = 256;

export async function answerEmbed(
  state: NodeState,
  seen: SeenRequest,
  response: ServerResponse,
): Promise<void> {
  const model = knownModel(state, seen, response);
  if (model === null) return;
  const inputs = inputsOf(seen);
  if (inputs.length > 0) state.seen.push(seen);
  const fault = takeFault(state);
  if (fault === "status-500" || fault === "lie") {
    send(response, 500, { error: "model runner has unexpectedly stopped" });
    return;
  }
  if (model !== embedModel.name) {
    send(response, 501, {
      error: "This server does not support embeddings. Start it with `--embeddings`",
    });
    return;
  }
  if (inputs.length === 0 && seen.body["keep_alive"] === 0) {
    state.loaded.delete(model);
    send(response, 200, { model: seen.body["model"], embeddings: [] });
    return;
  }
  await ensureLoaded(state, model);
  if (inputs.some((input) => fakeTokens(input).length > longestInputTokens)) {
    send(response, 400, { error: "the input length exceeds the context length" });
    return;
  }
  if (!(await compute(state, inputs.length, response))) return;
  const promptTokens = inputs.reduce((sum, input) => sum + fakeTokens(input).length, 0);
  send(response, 200, {
    model: seen.body["model"],
    embeddings: inputs.map(fakeEmbedding),
    total_duration: nanoseconds(state.behaviour.embedMs * inputs.length),
    load_duration: 1,
    prompt_eval_count: promptTokens,
  });
}

function inputsOf(seen: SeenRequest): readonly string[] {
  const given = seen.body["input"];
  if (Array.isArray(given)) return given.map(textOf);
  return given === undefined ? [] : [textOf(given)];
}

/** Works through the inputs one by one in the only slot; false when the client left. */
async function compute(
  state: NodeState,
  count: number,
  response: ServerResponse,
): Promise<boolean> {
  const { left, gone } = clientGone(response);
  const close = countOpen(state, "embedding");
  const give = await state.embedSlots.take(left);
  try {
    for (let done = 0; give !== null && done < count && !gone(); done += 1)
      await pause(state.behaviour.embedMs);
  } finally {
    give?.();
    close();
  }
  return !gone();
}
