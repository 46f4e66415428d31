import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownModelsDir, startEmbeddedNodeIn } from "./start-embedded-node.ts";
import type { RunningNode } from "./start-embedded-node.ts";
import { readTranscript, transcriptsDir } from "./transcript.ts";
import type { RecordedCall } from "./transcript.ts";

/** Recorded calls that are replayed in a case of their own. */
const ownCase: Readonly<Record<string, string>> = {
  "06-prefill-customtemplate-00": "needs the model that model-changes.test.ts makes",
  "11-delete": "needs the model that model-changes.test.ts makes",
  "17-maxqueue-02": "needs a node with a short load queue",
};

/** Order matters for the first ones: nothing may be loaded, then the chat model is. */
const first = [
  "01-ps-empty",
  "08-load-empty-messages",
  "01-ps-loaded",
  "02-chat-stream-warm-1500tok",
  "04-chat-repeat-prefix",
];

const recorded = readdirSync(transcriptsDir)
  .filter((file) => file.endsWith(".txt"))
  .map((file) => file.slice(0, -".txt".length));
const replayed = [
  ...first,
  ...recorded.filter((name) => !first.includes(name) && ownCase[name] === undefined),
];

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly allow: string | undefined;
  readonly body: string;
}

const send = (url: string, { method, path, request }: RecordedCall): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = httpRequest(
      `${url}${path}`,
      { method, headers: request.headers, agent: false },
      (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (text: string) => {
          body += text;
        });
        response.on("end", () => {
          const { "content-type": type, allow } = response.headers;
          resolve({ status: response.statusCode ?? 0, type, allow, body });
        });
      },
    );
    sent.on("error", reject);
    sent.end(request.body);
  });

/** Kinds and key order of a JSON value, its numbers and texts left out. Lists are as their first member. */
const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])];
  if (typeof value === "object" && value !== null)
    return Object.entries(value).map(([key, inner]) => [
      key,
      key === "model_info" ? "map" : shapeOf(inner),
    ]);
  return value === null ? "null" : typeof value;
};

type Line = Readonly<Record<string, unknown>>;

const eventMark = "data: ";

/** Lines of a stream, or its events; the mark at the end of events is a line of its own. */
const linesOf = (body: string): readonly Line[] =>
  body
    .split("\n")
    .map((line) => (line.startsWith(eventMark) ? line.slice(eventMark.length) : line).trim())
    .filter((line) => line !== "")
    .map((line) => (line === "[DONE]" ? { end: line } : (JSON.parse(line) as Line)));

/** What follows is a name that cannot be looked up there, an address that refuses here. */
const withoutCause = (error: unknown): unknown =>
  typeof error === "string" && error.startsWith("pull model manifest") ? "no library" : error;

/** Figures that do not depend on time, chance or the machine. */
const exactFields = ["error", "done", "done_reason", "prompt_eval_count", "model"] as const;

const compareLine = (actual: Line | undefined, expected: Line | undefined): void => {
  expect(shapeOf(actual)).toEqual(shapeOf(expected));
  for (const field of exactFields) {
    // How an answer ends depends on the text, except that a load or unload is one.
    if (field === "done_reason" && ["stop", "length"].includes(String(expected?.[field]))) continue;
    expect(withoutCause(actual?.[field])).toEqual(withoutCause(expected?.[field]));
  }
};

const compare = (actual: Answer, call: RecordedCall): void => {
  expect(actual.status).toBe(call.status);
  expect(actual.type).toBe(call.response.headers["content-type"]);
  expect(actual.allow).toBe(call.response.headers["allow"]);
  if (!/json|event-stream/.test(call.response.headers["content-type"] ?? "")) {
    expect(actual.body).toBe(call.response.body.trimEnd());
    return;
  }
  const [ours, theirs] = [linesOf(actual.body), linesOf(call.response.body)];
  expect(ours.length > 1).toBe(theirs.length > 1);
  compareLine(ours[0], theirs[0]);
  compareLine(ours.at(-1), theirs.at(-1));
  const kinds = new Set(theirs.map((line) => JSON.stringify(shapeOf(line))));
  for (const line of ours) expect(kinds).toContain(JSON.stringify(shapeOf(line)));
};

describe(
  "embedded node, against the recorded answers of a real Ollama",
  { timeout: 120_000 },
  () => {
    let node: RunningNode;
    let modelsDir: string;
    beforeAll(async () => {
      modelsDir = await ownModelsDir();
      node = await startEmbeddedNodeIn(modelsDir, "--library", "http://127.0.0.1:9");
    });
    afterAll(async () => {
      await node.stop();
      await rm(modelsDir, { recursive: true });
    });

    it.each(replayed)(
      "answers %s with the same status, types, keys, order and errors",
      async (name) => {
        const call = readTranscript(name);
        compare(await send(node.url, call), call);
      },
    );

    it("says by its version and a header that it is not an Ollama", async () => {
      const response = await fetch(`${node.url}/api/version`);
      const { version } = (await response.json()) as { version: string };
      expect(version).toMatch(/^\d+\.\d+\.\d+-drover\.\d+$/);
      expect(response.headers.get("x-drover-node")).toBe(version);
    });

    it("lists every recorded call as replayed here or in a case of its own", () => {
      expect(recorded.filter((name) => !replayed.includes(name)).toSorted()).toEqual(
        Object.keys(ownCase).toSorted(),
      );
    });
  },
);
