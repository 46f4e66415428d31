import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ensureTestModels } from "#testing/models.ts";
import { chatBody, chatOnce, linesOf, longText, post, slotWaitMs } from "./ollama-calls.ts";
import { nodeMain, nodeProgram, readyLine, startEmbeddedNode } from "./start-embedded-node.ts";
import type { RunningNode } from "./start-embedded-node.ts";

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Sends a request and leaves after a while. */
const leaveAfter = async (url: string, content: string, waitMs: number): Promise<void> => {
  const leaving = AbortSignal.timeout(waitMs);
  await expect(post(url, "/api/chat", chatBody(content, 20), leaving)).rejects.toThrow();
};

describe("embedded node, when a client leaves", { timeout: 120_000 }, () => {
  let node: RunningNode;
  beforeAll(async () => {
    node = await startEmbeddedNode();
    await chatOnce(node.url, "Hi.", 1);
  });
  afterAll(() => node.stop());

  it("frees the slot of an aborted prefill of 2000 tokens within a second, by the node's own account", async () => {
    const waits: number[] = [];
    for (const [seed, leaveMs] of [300, 1000, 2100].entries()) {
      await leaveAfter(node.url, longText(330, seed), leaveMs);
      waits.push(slotWaitMs(await chatOnce(node.url, "Hi.", 1)));
    }
    expect(waits.toSorted((a, b) => a - b)[1]).toBeLessThan(1000);
  });

  it("keeps what an aborted prefill had evaluated, and continues from it rightly", async () => {
    const text = longText(50, 50);
    await leaveAfter(node.url, text, 1500);
    const resumed = await chatOnce(node.url, text, 12);
    await chatOnce(node.url, "Something else altogether.", 1);
    const fresh = await chatOnce(node.url, text, 12);
    expect(resumed.prompt_eval_cached_count).toBeGreaterThan(30);
    expect(fresh.prompt_eval_cached_count).toBeLessThan(10);
    expect(resumed.prompt_eval_count).toBe(fresh.prompt_eval_count);
    expect(resumed.message?.content).toBe(fresh.message?.content);
  });

  it("frees the slot when the client leaves in the middle of an answer, and the next answer is whole", async () => {
    const before = await chatOnce(node.url, "Name three colours.", 16);
    const controller = new AbortController();
    const stream = linesOf(
      await post(node.url, "/api/chat", chatBody("Tell me a long story.", 2000), controller.signal),
    );
    for (let line = 0; line < 3; line++) await stream.next();
    controller.abort();
    expect(slotWaitMs(await chatOnce(node.url, "Hi.", 1))).toBeLessThan(1000);
    const after = await chatOnce(node.url, "Name three colours.", 16);
    expect(after.message?.content).toBe(before.message?.content);
  });

  it("passes over those who left while they waited for the slot", async () => {
    const controller = new AbortController();
    const holder = linesOf(
      await post(node.url, "/api/chat", chatBody("Tell me a long story.", 150)),
    );
    await holder.next();
    const gone = Array.from({ length: 10 }, () =>
      post(node.url, "/api/chat", chatBody("Too long.", 500), controller.signal),
    );
    const last = chatOnce(node.url, "Hi.", 1);
    controller.abort();
    const results = await Promise.allSettled(gone);
    expect(results.every(({ status }) => status === "rejected")).toBe(true);
    for await (const line of holder) if (line.done) break;
    const startedMs = performance.now();
    await last;
    expect(performance.now() - startedMs).toBeLessThan(5000); // ten answers of 500 tokens take a minute
  });
});

describe("embedded node, when it dies", { timeout: 120_000 }, () => {
  it.runIf(process.platform === "linux")(
    "has no child processes that could outlive it",
    async () => {
      const node = await startEmbeddedNode();
      await chatOnce(node.url, "Hi.", 1);
      const children = readdirSync(`/proc/${node.pid}/task`).flatMap((task) =>
        readFileSync(`/proc/${node.pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean),
      );
      const gone = once(node.process, "exit");
      node.process.kill("SIGKILL");
      await gone;
      expect(children).toEqual([]);
      await expect(fetch(`${node.url}/api/version`)).rejects.toThrow();
    },
  );

  it("cuts streams without an end mark on SIGTERM and is gone", async () => {
    const node = await startEmbeddedNode();
    const stream = linesOf(
      await post(node.url, "/api/chat", chatBody("Tell me a long story.", 500)),
    );
    await stream.next();
    const lines: boolean[] = [];
    const reading = (async () => {
      for await (const { done } of stream) lines.push(done);
    })();
    const stopping = node.stop();
    await expect(reading).rejects.toThrow();
    await stopping;
    expect(lines).not.toContain(true);
    expect(isAlive(node.pid)).toBe(false);
  });

  it.each([
    ["its input ends with the parent", "pipe"],
    ["its parent is another one suddenly", "ignore"],
  ] as const)("ends when its parent was killed: %s", async (_how, input) => {
    const program = `
      const { spawn } = require("node:child_process");
      spawn(process.execPath, process.argv.slice(1), { stdio: [${JSON.stringify(input)}, "inherit", "inherit"] });
    `;
    const args = [nodeMain, "--port", "0", "--models", await ensureTestModels()];
    const parent = spawn(nodeProgram, ["-e", program, "--", ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const { pid } = await readyLine(parent);
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await vi.waitFor(() => {
      expect(isAlive(pid)).toBe(false);
    }, 5000);
  });
});
