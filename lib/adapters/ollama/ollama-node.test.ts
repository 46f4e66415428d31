import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isAppError } from "../../core/errors/app-error.ts";
import type { NodeChatRequest, NodeChunk } from "../../ports/model-node.ts";
import { startFakeOllama, type FakeOllama } from "#testing/fakes/fake-ollama/server.ts";
import type { Fault } from "#testing/fakes/fake-ollama/behaviour.ts";
import { createOllamaNode, type OllamaNode } from "./ollama-node.ts";

const never = new AbortController().signal;
const request = (content: string, maxTokens = 50): NodeChatRequest => ({
  model: "smollm2:135m",
  messages: [{ role: "user", content }],
  options: { maxTokens, temperature: 0, seed: 7 },
});

async function collect(stream: AsyncGenerator<NodeChunk, void>): Promise<readonly NodeChunk[]> {
  const chunks: NodeChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

const failure = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "no failure",
    (error: unknown) => error,
  );

describe("OllamaNode", () => {
  let fake: FakeOllama;
  let node: OllamaNode;

  beforeEach(async () => {
    fake = await startFakeOllama();
    node = createOllamaNode({ id: "node-1", baseUrl: fake.url, slots: 2 });
  });
  afterEach(async () => {
    await node.close();
    await fake.stop();
  });

  it("streams text and ends with one done that carries the node's own counts", async () => {
    const chunks = await collect(node.chat(request("alpha beta gamma"), never));
    const text = chunks.flatMap((chunk) => (chunk.type === "text" ? [chunk.text] : [])).join("");
    expect(text).toBe("alpha beta gamma");
    const done = chunks.at(-1);
    expect(done).toMatchObject({
      type: "done",
      reason: "stop",
      usage: { promptTokens: 3, completionTokens: 3 },
    });
  });

  it("always asks for no truncation and a positive output limit, and never for load-time options or keep_alive", async () => {
    await collect(node.chat(request("alpha"), never));
    await node.embed({ model: "all-minilm", inputs: ["alpha"] }, never);
    const [chat, embed] = fake.seen;
    expect(chat?.body).toEqual({
      model: "smollm2:135m",
      messages: [{ role: "user", content: "alpha" }],
      stream: true,
      truncate: false,
      options: { num_predict: 50, temperature: 0, seed: 7 },
    });
    expect(embed?.body).toEqual({ model: "all-minilm", input: ["alpha"], truncate: false });
  });

  it("forwards no Origin", async () => {
    await collect(node.chat(request("alpha"), never));
    expect(fake.seen[0]?.headers.origin).toBeUndefined();
  });

  it("refuses an output limit below 1 before it asks the node", async () => {
    const error = await failure(collect(node.chat(request("alpha", 0), never)));
    expect(isAppError(error, "bad_request")).toBe(true);
    expect(fake.seen).toHaveLength(0);
  });

  const streamFaults: readonly (readonly [Fault, string])[] = [
    ["cut", "cut"],
    ["no-done", "no-done"],
    ["garbage", "not-json"],
    ["error-line", "error-line"],
  ];
  it.each(streamFaults)(
    "calls a stream with the fault %s a failure of the node",
    async (fault, reason) => {
      fake.behave({ fault, tokensBeforeFault: 2 });
      const error = await failure(collect(node.chat(request("alpha beta gamma delta"), never)));
      expect(error).toMatchObject({ code: "node_failed", details: { nodeId: "node-1", reason } });
    },
  );

  it("types failures before the first token by what happened", async () => {
    fake.behave({ fault: "status-500" });
    const broken = await failure(collect(node.chat(request("alpha"), never)));
    expect(broken).toMatchObject({ code: "node_failed", details: { reason: "status-500" } });
    await fake.stop();
    const refused = await failure(collect(node.chat(request("alpha"), never)));
    expect(refused).toMatchObject({ code: "node_failed", details: { reason: "refused" } });
    await fake.restart();
  });

  it("tells an unknown model and an over-long prompt from a failing node", async () => {
    const unknown = await failure(collect(node.chat({ ...request("alpha"), model: "nix" }, never)));
    expect(isAppError(unknown, "model_not_found")).toBe(true);
    fake.behave({ contextTokens: 3 });
    const long = await failure(collect(node.chat(request("one two three four"), never)));
    expect(isAppError(long, "context_exceeded")).toBe(true);
    const input = "word ".repeat(400);
    const longInput = await failure(node.embed({ model: "all-minilm", inputs: [input] }, never));
    expect(isAppError(longInput, "context_exceeded")).toBe(true);
  });

  it("closes the socket when the caller aborts in the prefill, with the caller's reason", async () => {
    fake.behave({ prefillPerSecond: 100, batchTokens: 10 });
    const leaving = new AbortController();
    const running = collect(node.chat(request("word ".repeat(500)), leaving.signal));
    const rejected = expect(running).rejects.toThrow("stopped");
    await expect.poll(() => fake.seen[0]?.startedAt).toBeDefined();
    leaving.abort(new Error("stopped"));
    await rejected;
    await expect.poll(() => fake.seen[0]?.end).toBe("aborted");
  });

  it("closes the socket when the reader leaves a stream early", async () => {
    fake.behave({ decodePerSecond: 50 });
    for await (const chunk of node.chat(request("word ".repeat(300), 300), never)) {
      expect(chunk.type).toBe("text");
      break;
    }
    await expect.poll(() => fake.seen[0]?.end).toBe("aborted");
  });

  it("leaves no error behind that nobody catches, wherever a reader leaves or the caller aborts", async () => {
    const uncaught: unknown[] = [];
    const note = (error: unknown): void => void uncaught.push(error);
    process.on("uncaughtException", note);
    fake.behave({ decodePerSecond: 200 });
    for (let after = 0; after < 12; after += 1) {
      const leaving = new AbortController();
      const stream = node.chat(request("word ".repeat(40)), leaving.signal);
      for (let read = 0; read < after; read += 1) await stream.next();
      if (after % 2 === 0) leaving.abort(new Error("left"));
      await stream.return();
    }
    await expect.poll(() => fake.seen.filter((seen) => seen.end !== undefined).length).toBe(11);
    process.off("uncaughtException", note);
    expect(uncaught).toEqual([]);
  });

  it("follows no redirect", async () => {
    let followed = 0;
    const server = createServer((incoming, response) => {
      if (incoming.url === "/elsewhere") followed += 1;
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const other = createOllamaNode({ id: "x", baseUrl: `http://127.0.0.1:${port}`, slots: 1 });
    const error = await failure(other.version(never));
    expect(error).toMatchObject({ code: "node_failed", details: { reason: "status-307" } });
    expect(followed).toBe(0);
    await other.close();
    server.close();
  });

  it("reads version, installed and loaded models, and loads for good", async () => {
    await fake.stop();
    fake = await startFakeOllama({ loaded: false });
    const own = createOllamaNode({ id: "n", baseUrl: fake.url, slots: 1 });
    expect(await own.version(never)).toBe("0.35.0-fake");
    const names = (await own.installedModels(never)).map((model) => model.name);
    expect(names).toEqual(["smollm2:135m", "all-minilm:latest"]);
    expect(await own.loadedModels(never)).toEqual([]);
    await own.load("smollm2:135m", "chat", never);
    await own.load("all-minilm", "embedding", never);
    expect((await own.loadedModels(never)).map((model) => model.name)).toEqual(names);
    await own.close();
  });
});
