import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { createPrefixCache, type PrefixCache } from "./prefix-cache.ts";

/** How fast a node is and what it holds. Everything is paced by timers, so that the machine's cores decide nothing. */
export interface Pace {
  /** Chat requests of one model at a time. */
  readonly slots: number;
  readonly prefillPerSecond: number;
  readonly decodePerSecond: number;
  readonly loadMs: number;
  /** Chat models in memory at a time; the embedder stays. */
  readonly residentModels: number;
  /** Prompts of a model that the node remembers. */
  readonly cachedPrompts: number;
}

export interface PacedStats {
  swaps: number;
  promptTokens: number;
  cachedTokens: number;
}

export const embedModel = "all-minilm:latest";

interface Loaded {
  readonly name: string;
  readonly cache: PrefixCache;
  usedAt: number;
  busy: number;
  readonly line: (() => void)[];
}

interface ChatBody {
  readonly model?: string;
  readonly messages?: readonly { readonly content: string }[];
  readonly prompt?: string;
  readonly _debug_render_only?: boolean;
  readonly options?: { readonly num_predict?: number };
}

const version = "0.35.0-paced";
const lookEveryMs = 5;

const tokensOf = (body: ChatBody): readonly string[] => {
  const text = body.prompt ?? body.messages?.map(({ content }) => content).join("\n") ?? "";
  return text.split(/\s+/).filter((word) => word !== "");
};

const readBody = async (request: IncomingMessage): Promise<ChatBody> => {
  let text = "";
  for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString("utf8");
  return JSON.parse(text === "" ? "{}" : text) as ChatBody;
};

/** One node of the bench: slots first in first out, one load at a time, prefill by what is not remembered. */
export class PacedNode {
  readonly stats: PacedStats = { swaps: 0, promptTokens: 0, cachedTokens: 0 };
  private readonly pace: Pace;
  private readonly models: readonly string[];
  private readonly loaded = new Map<string, Loaded>();
  private loads: Promise<unknown> = Promise.resolve();
  private frozenUntil = 0;
  private server: Server | undefined;

  constructor(pace: Pace, models: readonly string[]) {
    this.pace = pace;
    this.models = models;
  }

  async listen(port: number): Promise<number> {
    const server = createServer((request, response) => {
      void this.answer(request, response).catch(() => response.destroy());
    });
    this.server = server;
    await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : port;
  }

  /** As a stopped process: silent to everybody for so long. */
  freeze(ms: number): void {
    this.frozenUntil = performance.now() + ms;
  }

  /** As a killed process. */
  async kill(): Promise<void> {
    const { server } = this;
    this.loaded.clear();
    await new Promise<void>((closed) => {
      server?.close(() => {
        closed();
      });
      server?.closeAllConnections();
    });
  }

  private async thaw(): Promise<void> {
    while (performance.now() < this.frozenUntil)
      await delay(Math.max(1, this.frozenUntil - performance.now()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    await this.thaw();
    const send = (value: object): void => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(value));
    };
    switch (request.url ?? "") {
      case "/api/version":
        send({ version });
        return;
      case "/api/tags":
        send({
          models: [...this.models, embedModel].map((name) => ({
            name,
            digest: name,
            size: 1,
            capabilities: [],
          })),
        });
        return;
      case "/api/ps":
        send({ models: [...this.loaded.keys(), embedModel].map(describeLoaded) });
        return;
      case "/api/embed":
        send({ model: body.model, embeddings: [], total_duration: 1, prompt_eval_count: 0 });
        return;
      case "/api/chat":
      case "/api/generate":
        await this.chat(body, response);
        return;
      default:
        response.writeHead(404).end("{}");
    }
  }

  /** Loads a model when it is not in memory: one at a time; the one that rested longest makes room. */
  private async load(name: string): Promise<Loaded> {
    const present = this.loaded.get(name);
    if (present !== undefined) return present;
    const loading = this.loads.then(async () => {
      const already = this.loaded.get(name);
      if (already !== undefined) return already;
      while (this.loaded.size >= this.pace.residentModels) {
        const idle = [...this.loaded.values()].filter(({ busy, line }) => busy + line.length === 0);
        const [victim] = idle.toSorted((a, b) => a.usedAt - b.usedAt);
        if (victim !== undefined) this.loaded.delete(victim.name);
        else await delay(lookEveryMs);
      }
      await delay(this.pace.loadMs);
      this.stats.swaps += 1;
      const made: Loaded = {
        name,
        cache: createPrefixCache(this.pace.cachedPrompts),
        usedAt: performance.now(),
        busy: 0,
        line: [],
      };
      this.loaded.set(name, made);
      return made;
    });
    this.loads = loading.catch(() => undefined);
    return loading;
  }

  private async chat(body: ChatBody, response: ServerResponse): Promise<void> {
    const name = body.model ?? "";
    const state = { gone: false };
    response.on("close", () => {
      state.gone = true;
    });
    const model = await this.load(name);
    const tokens = tokensOf(body);
    if (body._debug_render_only === true) {
      const debug = { rendered_template: tokens.join(" ") };
      response.end(JSON.stringify({ model: name, done: false, _debug_info: debug }));
      return;
    }
    if (tokens.length === 0) {
      response.end(JSON.stringify({ model: name, done: true, done_reason: "load" }));
      return;
    }
    if (model.busy >= this.pace.slots)
      await new Promise<void>((admitted) => model.line.push(admitted));
    else model.busy += 1;
    try {
      if (!state.gone)
        await this.generate(
          model,
          { tokens, limit: body.options?.num_predict ?? 1 },
          response,
          state,
        );
    } finally {
      model.usedAt = performance.now();
      const next = model.line.shift();
      if (next === undefined) model.busy -= 1;
      else next();
    }
  }

  private async generate(
    model: Loaded,
    { tokens, limit }: { readonly tokens: readonly string[]; readonly limit: number },
    response: ServerResponse,
    state: { readonly gone: boolean },
  ): Promise<void> {
    const { prefillPerSecond, decodePerSecond } = this.pace;
    const cached = model.cache.shared(tokens);
    this.stats.promptTokens += tokens.length;
    this.stats.cachedTokens += cached;
    const prefillMs = (1000 * (tokens.length - cached)) / prefillPerSecond;
    await delay(prefillMs);
    await this.thaw();
    model.cache.remember(tokens);
    const startedAt = performance.now();
    response.setHeader("content-type", "application/x-ndjson");
    for (let sent = 0; sent < limit && !state.gone; sent += 1) {
      response.write(
        `${JSON.stringify({ model: model.name, message: { role: "assistant", content: ` t${String(sent)}` }, response: ` t${String(sent)}`, done: false })}\n`,
      );
      if (decodePerSecond > 0)
        await delay(
          Math.max(0, startedAt + ((sent + 1) * 1000) / decodePerSecond - performance.now()),
        );
      await this.thaw();
    }
    response.end(
      `${JSON.stringify({ ...counts(tokens.length, cached, limit), model: model.name, prompt_eval_duration: Math.round(prefillMs * 1e6) + 1, eval_duration: Math.round((performance.now() - startedAt) * 1e6) + 1 })}\n`,
    );
  }
}

const counts = (tokens: number, cached: number, limit: number): object => ({
  message: { role: "assistant", content: "" },
  response: "",
  done: true,
  done_reason: "length",
  total_duration: 1,
  load_duration: 1,
  prompt_eval_count: tokens,
  prompt_eval_cached_count: cached,
  eval_count: limit,
});

const describeLoaded = (name: string): object => ({
  name,
  digest: name,
  size: 1,
  size_vram: 0,
  context_length: 4096,
  expires_at: "2318-01-01T00:00:00Z",
});
