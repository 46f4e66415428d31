import type { ServerResponse } from "node:http";
import { fakeTokens } from "./behaviour.ts";
import { renderPrompt, replyTokens } from "./reply.ts";
import { send, type NodeState, type SeenRequest } from "./node-state.ts";
import {
  clientGone,
  isFrozen,
  countOpen,
  ensureLoaded,
  knownModel,
  loadStallOver,
  nanoseconds,
  pause,
  textOf,
  takeFault,
} from "./work.ts";

/** Chat and generate: waits for a slot, prefills, then sends headers with the first token. */
export async function answerChat(
  state: NodeState,
  seen: SeenRequest,
  response: ServerResponse,
): Promise<void> {
  const model = knownModel(state, seen, response);
  if (model === null) return;
  if (model !== state.behaviour.chatName) {
    send(response, 400, { error: `"${model}" does not support chat` });
    return;
  }
  const prompt = promptOf(seen);
  if (await answeredWithoutText(state, seen, { model, prompt, response })) return;
  state.seen.push(seen);
  if (fakeTokens(prompt).length > state.behaviour.contextTokens) {
    send(response, 400, { error: '{"error":{"type":"exceed_context_size_error"}}' });
    return;
  }
  const fault = takeFault(state);
  if (fault === "status-500" || fault === "lie") {
    send(response, 500, { error: "model runner has unexpectedly stopped" });
    return;
  }
  const client = clientGone(response);
  const close = countOpen(state, "chat");
  await thawed(state, client.gone);
  await loadStallOver(state);
  const give = await state.slots.take(client.left);
  if (give !== null) seen.startedAt = state.now();
  try {
    if (give === null) seen.end = "aborted";
    else await generate(state, seen, prompt, { response, fault, gone: client.gone });
  } finally {
    seen.endedAt = state.now();
    give?.();
    close();
  }
}

/** Unloading, showing a prompt and loading: no slot, no token. */
async function answeredWithoutText(
  state: NodeState,
  seen: SeenRequest,
  call: { readonly model: string; readonly prompt: string; readonly response: ServerResponse },
): Promise<boolean> {
  const { model, prompt, response } = call;
  const reply = (fields: Record<string, unknown>): true => {
    send(response, 200, { model, created_at: now(), ...fields });
    return true;
  };
  if (prompt === "" && seen.body["keep_alive"] === 0) {
    state.loaded.delete(model);
    return reply({ response: "", done: true, done_reason: "unload" });
  }
  await ensureLoaded(state, model);
  if (seen.body["_debug_render_only"] === true && state.behaviour.canRender) {
    const debug = { rendered_template: renderPrompt(prompt) };
    return reply({ done: false, _debug_info: debug });
  }
  return prompt === "" && reply({ response: "", done: true, done_reason: "load" });
}

interface Stream {
  readonly response: ServerResponse;
  readonly fault: string;
  readonly gone: () => boolean;
}

async function generate(
  state: NodeState,
  seen: SeenRequest,
  prompt: string,
  stream: Stream,
): Promise<void> {
  const { behaviour } = state;
  const { response, gone } = stream;
  const promptTokens = fakeTokens(prompt).length;
  const startedAt = state.now();
  const breaks = (): boolean => {
    const isOver = misbehave(stream);
    if (isOver) seen.end = "faulted";
    return isOver;
  };
  if (await brokeInPrefill(state, promptTokens, { gone, breaks })) return;
  const prefilledAt = state.now();
  const tokens = replyTokens(state.behaviour, seen, prompt, state.seen.indexOf(seen));
  if (seen.body["stream"] === false) {
    seen.end = "complete";
    send(response, 200, { ...head(seen), ...content(seen, tokens.join("")), done: true });
    return;
  }
  let sent = 0;
  for (const token of tokens) {
    if (gone()) break;
    if (sent === behaviour.tokensBeforeFault && breaks()) return;
    seen.firstTokenAt ??= state.now();
    line(response, { ...head(seen), ...content(seen, token), done: false });
    sent += 1;
    seen.sent = sent;
    await pause(1000 / state.behaviour.decodePerSecond);
    await thawed(state, gone);
  }
  if (gone()) {
    seen.end = "aborted";
    return;
  }
  if (tokens.length <= behaviour.tokensBeforeFault && breaks()) return;
  seen.end = "complete";
  line(response, {
    ...head(seen),
    ...content(seen, ""),
    done: true,
    done_reason: "stop",
    total_duration: nanoseconds(state.now() - seen.arrivedAt),
    load_duration: 1,
    prompt_eval_count: promptTokens,
    prompt_eval_cached_count: 0,
    prompt_eval_duration: nanoseconds(prefilledAt - startedAt),
    eval_count: sent,
    eval_duration: nanoseconds(state.now() - prefilledAt),
  });
  response.end();
}

/** Works on the prompt, batch by batch, for as long as somebody waits; true when it broke on the way. */
async function brokeInPrefill(
  state: NodeState,
  promptTokens: number,
  stream: { readonly gone: () => boolean; readonly breaks: () => boolean },
): Promise<boolean> {
  const { batchTokens, tokensBeforeFault } = state.behaviour;
  for (let done = 0; done < promptTokens && !stream.gone(); done += batchTokens) {
    const tokens = Math.min(batchTokens, promptTokens - done);
    await pause((tokens / state.behaviour.prefillPerSecond) * 1000);
    await thawed(state, stream.gone);
    if (tokensBeforeFault < 0 && stream.breaks()) return true;
  }
  return false;
}

/** Holds everything for as long as the node, or its model, is frozen. */
async function thawed(state: NodeState, gone: () => boolean): Promise<void> {
  while (isFrozen(state.behaviour.fault) && !gone()) await pause(5);
}

/** True when the stream has been spoilt and is over. */
function misbehave({ response, fault }: Stream): boolean {
  switch (fault) {
    case "cut":
      response.socket?.destroy();
      return true;
    case "no-done":
      if (!response.headersSent) startStream(response);
      response.end();
      return true;
    case "garbage":
      if (!response.headersSent) startStream(response);
      response.end("<html>this is no JSON\n");
      return true;
    case "error-line":
      line(response, { error: "an error was encountered while running the model: unexpected EOF" });
      response.end();
      return true;
    default:
      return false;
  }
}

const content = (seen: SeenRequest, text: string): Record<string, unknown> =>
  seen.path === "/api/chat"
    ? { message: { role: "assistant", content: text } }
    : { response: text };

const now = (): string => new Date().toISOString();
const head = (seen: SeenRequest): Record<string, unknown> => ({
  model: seen.body["model"],
  created_at: now(),
});

function startStream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/x-ndjson" });
}

function line(response: ServerResponse, value: unknown): void {
  if (!response.headersSent) startStream(response);
  response.write(`${JSON.stringify(value)}\n`);
}

function promptOf(seen: SeenRequest): string {
  const messages = seen.body["messages"];
  if (!Array.isArray(messages)) return textOf(seen.body["prompt"]);
  return (messages as { content: string }[]).map((message) => message.content).join("\n");
}
