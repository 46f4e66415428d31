import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blobUrl, deleteModel, namesOn, statusesOf, words } from "./model-calls.ts";
import type { Status } from "./model-calls.ts";
import { chatBody, chatModel, embedModel, linesOf, post, postJson } from "./ollama-calls.ts";
import type { StreamLine } from "./ollama-calls.ts";
import { ownModelsDir, startEmbeddedNodeIn } from "./start-embedded-node.ts";
import type { RunningNode } from "./start-embedded-node.ts";
import { readTranscript } from "./transcript.ts";

/** Leaves the last turn of an assistant open, so that a model goes on with it. */
const openTemplate = `{{- range $i, $_ := .Messages }}{{- $last := eq (len (slice $.Messages $i)) 1 }}<|im_start|>{{ .Role }}
{{ .Content }}{{ if not (and $last (eq .Role "assistant")) }}<|im_end|>
{{ end }}{{ if and $last (ne .Role "assistant") }}<|im_start|>assistant
{{ end }}{{ end }}`;

describe("changing what is installed on an embedded node", { timeout: 60_000 }, () => {
  let modelsDir: string;
  let weights: Buffer;
  beforeAll(async () => {
    modelsDir = await ownModelsDir();
    weights = await readFile(join(modelsDir, "all-minilm.gguf"));
  });
  afterAll(() => rm(modelsDir, { recursive: true }));

  describe("by copy, delete and create", () => {
    let node: RunningNode;
    beforeAll(async () => {
      node = await startEmbeddedNodeIn(modelsDir);
    });
    afterAll(() => node.stop());

    it("copies a model, and either name outlives the other", async () => {
      const copied = await post(node.url, "/api/copy", { source: embedModel, destination: "Mine" });
      expect([copied.status, await copied.text()]).toEqual([200, ""]);
      expect(await namesOn(node.url)).toContain("Mine:latest");
      expect((await deleteModel(node.url, embedModel)).status).toBe(200);
      const embedded = await post(node.url, "/api/embed", { model: "mine", input: "a" });
      expect(embedded.status).toBe(200);
      await post(node.url, "/api/copy", { source: "mine", destination: embedModel });
      await deleteModel(node.url, "mine");
      expect(await namesOn(node.url)).toContain("all-minilm:latest");
      const unknown = await post(node.url, "/api/copy", { source: "nix", destination: "x" });
      expect(unknown.status).toBe(404);
    });

    it("deletes a model while it answers, and the answer comes to its end", async () => {
      await post(node.url, "/api/copy", { source: chatModel, destination: "brief" });
      const response = await post(node.url, "/api/chat", {
        ...chatBody("Count to fifty.", 60),
        model: "brief",
      });
      const lines: StreamLine[] = [];
      for await (const line of linesOf(response)) {
        if (lines.length === 0) expect((await deleteModel(node.url, "brief")).status).toBe(200);
        lines.push(line);
      }
      expect(lines.at(-1)?.done).toBe(true);
      const again = await post(node.url, "/api/chat", { ...chatBody("Hi", 1), model: "brief" });
      expect(again.status).toBe(404);
    });

    it("creates a model from a GGUF file that was sent as a blob", async () => {
      const data = Buffer.concat([weights, Buffer.from("sent")]);
      const url = blobUrl(node.url, data);
      expect((await fetch(url, { method: "HEAD" })).status).toBe(404);
      const body = new Uint8Array(data);
      expect((await fetch(url, { method: "POST", body })).status).toBe(201);
      expect((await fetch(url, { method: "HEAD" })).status).toBe(200);
      expect((await fetch(url, { method: "POST", body })).status).toBe(200);
      const files = { "model.gguf": url.slice(url.indexOf("sha256:")) };
      const statuses = await statusesOf(
        await post(node.url, "/api/create", { model: "sent", files }),
      );
      expect(words(statuses)).toEqual([
        "parsing GGUF",
        "verifying conversion",
        expect.stringContaining("creating new layer sha256:"),
        expect.stringContaining("creating new layer sha256:"),
        "writing manifest",
        "success",
      ]);
      const embedded = await post(node.url, "/api/embed", { model: "sent", input: "a" });
      expect(embedded.status).toBe(200);
      await deleteModel(node.url, "sent");
      expect((await fetch(url, { method: "HEAD" })).status).toBe(404);
    });

    it("creates a model with other settings: it is there, and it keeps to them", async () => {
      const parameters = { num_ctx: 1024, num_batch: 16, num_predict: 3, stop: "never this" };
      const statuses = await statusesOf(
        await post(node.url, "/api/create", {
          model: "smollm2-prefill",
          from: chatModel,
          template: openTemplate,
          system: "You are brief.",
          parameters,
        }),
      );
      expect(statuses.at(-1)).toEqual({ status: "success" });
      const shown = await postJson<Record<string, string>>(node.url, "/api/show", {
        model: "smollm2-prefill",
      });
      expect(shown["template"]).toBe(openTemplate);
      expect(shown["system"]).toBe("You are brief.");
      expect(shown["parameters"]).toContain('stop                           "never this"');
      const messages = [
        { role: "user", content: "Hi" },
        { role: "assistant", content: "Hello, I" },
      ];
      const rendered = await postJson<{ _debug_info: { rendered_template: string } }>(
        node.url,
        "/api/chat",
        { model: "smollm2-prefill", messages, _debug_render_only: true },
      );
      expect(rendered._debug_info.rendered_template).toBe(
        "<|im_start|>system\nYou are brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello, I",
      );
      const answer = await postJson<StreamLine>(node.url, "/api/chat", {
        model: "smollm2-prefill",
        messages,
        stream: false,
      });
      expect(answer.eval_count).toBeLessThanOrEqual(3);
      const { models } = (await (await fetch(`${node.url}/api/ps`)).json()) as {
        models: { name: string; context_length: number }[];
      };
      expect(models.find(({ name }) => name === "smollm2-prefill:latest")?.context_length).toBe(
        1024,
      );
    });

    it("goes on with an open turn, streaming only what is new, as recorded; then deletes, as recorded", async () => {
      const recorded = readTranscript("06-prefill-customtemplate-00");
      const response = await fetch(`${node.url}/api/chat`, {
        method: "POST",
        body: recorded.request.body,
      });
      const lines: StreamLine[] = [];
      for await (const line of linesOf(response)) lines.push(line);
      const text = lines.map(({ message }) => message?.content ?? "").join("");
      expect(text).not.toContain("The capital of France is");
      expect(text).toMatch(/^ /);
      expect(lines.at(-1)?.done).toBe(true);
      const removal = readTranscript("11-delete");
      const removed = await fetch(`${node.url}${removal.path}`, {
        method: removal.method,
        body: removal.request.body,
      });
      expect([removed.status, await removed.text()]).toEqual([removal.status, ""]);
    });

    it.each([
      [{ model: "x" }, 400, "neither 'from' or 'files' was specified"],
      [{ model: "x", from: "nix" }, 404, "model 'nix' not found"],
      [{ model: "x", from: chatModel, parameters: { fast: 1 } }, 400, "unknown parameter 'fast'"],
      [
        { model: "x", from: chatModel, parameters: { num_ctx: "a" } },
        500,
        "must be of type integer",
      ],
      [{ model: "x", from: chatModel, template: "{{ if }}" }, 400, "template: missing value"],
      [{ model: "x", from: chatModel, quantize: "q4_0" }, 400, "quantize is not supported"],
      [{ model: "x", files: { a: `sha256:${"0".repeat(64)}` } }, 400, "is not on this node"],
      [{ model: "x", files: { a: "../../secret" } }, 400, "invalid digest format"],
    ])("refuses to create from %o", async (body, status, error) => {
      const response = await post(node.url, "/api/create", { ...body, stream: false });
      expect(response.status).toBe(status);
      expect(((await response.json()) as Status).error).toContain(error);
      expect(await namesOn(node.url)).not.toContain("x:latest");
    });
  });
});
