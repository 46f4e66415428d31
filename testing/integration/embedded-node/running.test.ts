import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  chatBody,
  chatModel,
  chatOnce,
  linesOf,
  loadedNames,
  longText,
  post,
  postJson,
} from "./ollama-calls.ts";
import type { StreamLine } from "./ollama-calls.ts";
import { startEmbeddedNode } from "./start-embedded-node.ts";
import type { RunningNode } from "./start-embedded-node.ts";

const promptOf = async (url: string, messages: readonly unknown[], extra = {}): Promise<string> => {
  const body = { model: chatModel, messages, _debug_render_only: true, ...extra };
  const answer = await postJson<{ _debug_info: { rendered_template: string } }>(
    url,
    "/api/chat",
    body,
  );
  return answer._debug_info.rendered_template;
};

const rawText = async (url: string, prompt: string, numPredict: number): Promise<string> => {
  const options = { temperature: 0, seed: 1, num_predict: numPredict };
  const body = { model: chatModel, prompt, raw: true, stream: false, options };
  return (await postJson<{ response: string }>(url, "/api/generate", body)).response;
};

describe("embedded node, running prompts", { timeout: 120_000 }, () => {
  let node: RunningNode;
  beforeAll(async () => {
    node = await startEmbeddedNode();
  });
  afterAll(() => node.stop());

  it("renders neighbouring messages of one role as one turn, as Ollama does", async () => {
    const prompt = await promptOf(node.url, [
      { role: "system", content: "Be brief." },
      { role: "user", content: "One." },
      { role: "user", content: "Two." },
    ]);
    expect(prompt).toBe(
      "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nOne.\n\nTwo.<|im_end|>\n<|im_start|>assistant\n",
    );
  });

  it("continues a raw prompt exactly where a stream was cut", async () => {
    const question = "Tell me about the capital of France.";
    const whole = await chatOnce(node.url, question, 30);
    const chunks: string[] = [];
    for await (const line of linesOf(await post(node.url, "/api/chat", chatBody(question, 10))))
      chunks.push(line.message?.content ?? "");
    const soFar = chunks.join("");
    const prompt = await promptOf(node.url, [{ role: "user", content: question }]);
    expect(soFar + (await rawText(node.url, prompt + soFar, 20))).toBe(whole.message?.content);
  });

  it("repeats itself with the same seed and not with another", async () => {
    const sample = async (seed: number): Promise<string> => {
      const options = { temperature: 0.8, seed, num_predict: 24 };
      const body = {
        model: chatModel,
        prompt: "Once upon a time",
        raw: true,
        stream: false,
        options,
      };
      return (await postJson<{ response: string }>(node.url, "/api/generate", body)).response;
    };
    const [first, again, other] = [await sample(7), await sample(7), await sample(8)];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it("drops the oldest messages, never the system message or the last, until the prompt fits", async () => {
    const messages = [
      { role: "system", content: "Be brief." },
      { role: "user", content: longText(40, 1) },
      { role: "assistant", content: "Noted." },
      { role: "user", content: "And now?" },
    ];
    const prompt = await promptOf(node.url, messages, { options: { num_ctx: 256 } });
    expect(prompt).toContain("Be brief.");
    expect(prompt).toContain("And now?");
    expect(prompt).not.toContain("Line 1 ");
    const kept = await promptOf(node.url, messages, { options: { num_ctx: 256 }, truncate: false });
    expect(kept).toContain("Line 1 ");
  });

  it("cuts an over-long last message to its start and its last half window", async () => {
    const body = {
      ...chatBody(longText(60, 1), 1),
      stream: false,
      options: { num_ctx: 256, num_predict: 1 },
    };
    const answer = await postJson<StreamLine>(node.url, "/api/chat", body);
    expect(answer.prompt_eval_count).toBe(4 + (256 - 4) / 2);
  });

  it("goes on past the window by dropping the older half, and stops there with shift off", async () => {
    const prompt = "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,";
    const options = { num_ctx: 256, temperature: 0, num_predict: 300 };
    const body = { model: chatModel, prompt, raw: true, stream: false, options };
    const shifted = await postJson<StreamLine>(node.url, "/api/generate", body);
    const stopped = await postJson<StreamLine>(node.url, "/api/generate", {
      ...body,
      shift: false,
    });
    expect(shifted.eval_count).toBe(300);
    expect(stopped.done_reason).toBe("length");
    expect((stopped.prompt_eval_count ?? 0) + (stopped.eval_count ?? 0)).toBeLessThanOrEqual(256);
  });

  it("states log probabilities of each token under sampling too", async () => {
    const options = { temperature: 0.9, seed: 3, num_predict: 4 };
    const body = { ...chatBody("Hi.", 4), options, logprobs: true, top_logprobs: 3, stream: false };
    const answer = await postJson<{
      message: { content: string };
      logprobs: { token: string; logprob: number; top_logprobs: { logprob: number }[] }[];
    }>(node.url, "/api/chat", body);
    expect(answer.logprobs.map(({ token }) => token).join("")).toBe(answer.message.content);
    for (const { logprob, top_logprobs: top } of answer.logprobs) {
      expect(logprob).toBeLessThanOrEqual(top[0]!.logprob);
      expect(top.map((entry) => entry.logprob)).toEqual(
        top.map((entry) => entry.logprob).toSorted((a, b) => b - a),
      );
    }
  });

  it("reloads for another num_ctx and shows it, and caps it at what the model was trained for", async () => {
    const windowOf = async (numCtx: number): Promise<number | undefined> => {
      await postJson(node.url, "/api/chat", {
        model: chatModel,
        messages: [],
        options: { num_ctx: numCtx },
      });
      const ps = (await (await fetch(`${node.url}/api/ps`)).json()) as {
        models: { context_length: number }[];
      };
      return ps.models[0]?.context_length;
    };
    expect(await windowOf(1024)).toBe(1024);
    expect(await windowOf(100_000)).toBe(8192);
  });

  it("unloads when keep_alive has passed, at once with 0", async () => {
    await postJson(node.url, "/api/chat", { model: chatModel, messages: [], keep_alive: 0.2 });
    expect(await loadedNames(node.url)).toEqual([chatModel]);
    await vi.waitFor(async () => {
      expect(await loadedNames(node.url)).toEqual([]);
    }, 3000);
    await postJson(node.url, "/api/chat", { ...chatBody("Hi.", 1), stream: false, keep_alive: 0 });
    expect(await loadedNames(node.url)).toEqual([]);
  });
});

describe("embedded node, several requests", { timeout: 120_000 }, () => {
  it("runs as many at once as it has slots, the rest in order of arrival", async () => {
    const node = await startEmbeddedNode("--parallel", "2");
    try {
      await chatOnce(node.url, "Hi.", 1);
      const ended: number[] = [];
      const run = async (index: number, tokens: number): Promise<void> => {
        await chatOnce(node.url, `Count to ${String(index)}.`, tokens);
        ended.push(index);
      };
      const streams = [
        linesOf(await post(node.url, "/api/chat", chatBody("Tell me a long story.", 60))),
      ];
      streams.push(
        linesOf(await post(node.url, "/api/chat", chatBody("Tell me a long tale.", 60))),
      );
      await Promise.all(streams.map((stream) => stream.next()));
      const waiting = [run(1, 1), run(2, 1), run(3, 1)];
      for (const stream of streams) for await (const line of stream) if (line.done) break;
      await Promise.all(waiting);
      expect(ended[0]).not.toBe(3);
      expect(ended).toHaveLength(3);
    } finally {
      await node.stop();
    }
  });

  it("answers 503 with Ollama's words when too many wait for a load, and serves the others", async () => {
    const node = await startEmbeddedNode("--max-queue", "2");
    try {
      const answers = await Promise.all(
        Array.from({ length: 12 }, () => post(node.url, "/api/chat", chatBody("Hi.", 1))),
      );
      const bodies = await Promise.all(answers.map((answer) => answer.text()));
      const busy = bodies.filter((_body, index) => answers[index]?.status === 503);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
      expect(busy).toHaveLength(9);
      expect(new Set(busy)).toEqual(
        new Set(['{"error":"server busy, please try again.  maximum pending requests exceeded"}']),
      );
    } finally {
      await node.stop();
    }
  });
});
