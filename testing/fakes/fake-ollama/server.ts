import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { embedModel, soundBehaviour, type FakeBehaviour } from "./behaviour.ts";
import { answerChat } from "./chat.ts";
import { answerEmbed } from "./embed.ts";
import { send, type NodeState, type SeenRequest } from "./node-state.ts";
import { createSlots } from "./slots.ts";
import { loadStallOver } from "./work.ts";

export interface FakeOllama {
  readonly url: string;
  readonly port: number;
  /** Requests for chat and embeddings in order of arrival. */
  readonly seen: readonly SeenRequest[];
  /** Most chat requests that ever held a slot at the same time or waited inside the node. */
  readonly mostAtOnce: { chat: number; embedding: number };
  /** Names of the models in memory. */
  loaded(): readonly string[];
  behave(change: Partial<FakeBehaviour>): void;
  /** As a killed process: every connection is cut, no new one accepted, and what was in memory is gone. */
  stop(): Promise<void>;
  /** Listens again, on the same port. */
  restart(): Promise<void>;
}

/** A deterministic Ollama node on a port of 127.0.0.1. */
export async function startFakeOllama(
  options: Partial<FakeBehaviour> & { readonly port?: number; readonly loaded?: boolean } = {},
): Promise<FakeOllama> {
  const { port = 0, loaded = true, ...behaviour } = options;
  const startedAt = performance.now();
  const whole = { ...soundBehaviour, ...behaviour };
  const state: NodeState = {
    behaviour: whole,
    seen: [],
    loaded: new Set(loaded ? [whole.chatName, embedModel.name] : []),
    slots: createSlots(() => state.behaviour.slots),
    embedSlots: createSlots(() => 1),
    loads: createSlots(() => 1),
    mostAtOnce: { chat: 0, embedding: 0 },
    open: { chat: 0, embedding: 0 },
    now: () => performance.now() - startedAt,
  };
  let server = await listen(state, port);
  const own = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${String(own)}`,
    port: own,
    seen: state.seen,
    mostAtOnce: state.mostAtOnce,
    loaded: () => [...state.loaded],
    behave(change) {
      state.behaviour = { ...state.behaviour, ...change };
    },
    async stop() {
      state.loaded.clear();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    async restart() {
      server = await listen(state, own);
    },
  };
}

function listen(state: NodeState, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    route(state, request, response).catch(() => {
      response.destroy();
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      resolve(server);
    });
  });
}

async function route(
  state: NodeState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url ?? "/";
  if (path.startsWith("/fake/")) {
    await control(state, path, request, response);
    return;
  }
  if (ignores(state.behaviour.fault, path, request)) return;
  const body = await readBody(request);
  switch (`${String(request.method)} ${path}`) {
    case "GET /api/version":
      send(response, 200, { version: "0.35.0-fake" });
      return;
    case "GET /api/tags":
      send(response, 200, { models: [chatOf(state), describe(embedModel)] });
      return;
    case "GET /api/ps":
      await loadStallOver(state);
      send(response, 200, { models: loadedModels(state) });
      return;
    case "POST /api/chat":
    case "POST /api/generate":
      await answerChat(state, seenRequest(state, request, body), response);
      return;
    case "POST /api/embed":
      await answerEmbed(state, seenRequest(state, request, body), response);
      return;
    default:
      send(response, 404, "404 page not found");
  }
}

function ignores(fault: string, path: string, request: IncomingMessage): boolean {
  if (fault === "refuse") request.socket.destroy();
  if (fault === "refuse" || fault === "freeze") return true;
  return fault === "freeze-model" && path === "/api/ps";
}

/** The tests' own door, open whatever the node pretends. */
async function control(
  state: NodeState,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (path === "/fake/seen") {
    send(response, 200, { seen: state.seen });
    return;
  }
  const change = (await readBody(request)) as Partial<FakeBehaviour>;
  if (path === "/fake/renewed") {
    state.seen.splice(0);
    for (const name of [soundBehaviour.chatName, embedModel.name]) state.loaded.add(name);
    state.behaviour = { ...soundBehaviour, ...change };
  } else state.behaviour = { ...state.behaviour, ...change };
  send(response, 200, state.behaviour);
}

function seenRequest(
  state: NodeState,
  request: IncomingMessage,
  body: Record<string, unknown>,
): SeenRequest {
  return { path: request.url ?? "", headers: request.headers, body, arrivedAt: state.now() };
}

const describe = (model: { name: string; digest: string }): Record<string, unknown> => ({
  name: model.name,
  model: model.name,
  digest: model.digest,
  size: 1000,
  modified_at: "2026-01-01T00:00:00Z",
  capabilities: [model.name === embedModel.name ? "embedding" : "completion"],
  details: {},
});

const chatModel = ({ behaviour: { chatName: name, chatDigest: digest } }: NodeState) => ({
  name,
  digest,
});

const chatOf = (state: NodeState): Record<string, unknown> => describe(chatModel(state));

const loadedModels = (state: NodeState): readonly Record<string, unknown>[] =>
  [chatModel(state), embedModel]
    .filter((model) => state.loaded.has(model.name))
    .map((model) => ({ ...describe(model), expires_at: "2319-01-01T00:00:00Z" }));

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  const text = Buffer.concat(pieces).toString("utf8");
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}
