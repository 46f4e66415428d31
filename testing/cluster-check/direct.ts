import { oldestSafeOllama } from "#lib/core/deployment/judge-nodes.ts";
import { isOlder } from "#lib/core/deployment/version-order.ts";
import type { Finding } from "#lib/core/deployment/finding.ts";
import type { ModelNames } from "./balanced.ts";
import type { TestedNode } from "./nodes.ts";

/** What one node says of itself and does when it is asked without the balancer. */
export interface DirectResult {
  readonly node: TestedNode;
  readonly finding: Finding;
  readonly version: string;
  /** Digest by the model's name with its tag. */
  readonly digests: ReadonlyMap<string, string>;
  /** Of the sample text. */
  readonly vector: readonly number[];
}

export const sampleText = "The quick brown fox jumps over the lazy dog.";
const patienceMs = 120_000;

interface Tags {
  readonly models: readonly { readonly name: string; readonly digest: string }[];
}

interface ChatLine {
  readonly message?: { readonly content: string };
  readonly done?: boolean;
  readonly error?: string;
}

export const withTag = (name: string): string => (name.includes(":") ? name : `${name}:latest`);

const ask = async <T>(node: TestedNode, path: string, body?: object): Promise<T> => {
  const response = await fetch(`${node.url}${path}`, {
    signal: AbortSignal.timeout(patienceMs),
    ...(body && { method: "POST", body: JSON.stringify(body) }),
  });
  if (!response.ok)
    throw new Error(
      `${path} answered ${String(response.status)}: ${(await response.text()).slice(0, 200)}`,
    );
  return (await response.json()) as T;
};

/** Time until the first text of a short chat, ms. @throws Error when the stream does not end as it must */
const firstTokenOf = async (node: TestedNode, model: string): Promise<number> => {
  const startedAt = performance.now();
  const messages = [{ role: "user", content: "Say hello." }];
  const options = { temperature: 0, num_predict: 8 };
  const response = await fetch(`${node.url}/api/chat`, {
    method: "POST",
    body: JSON.stringify({ model, messages, options }),
    signal: AbortSignal.timeout(patienceMs),
  });
  const text = await response.text();
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as ChatLine);
  const last = lines.at(-1);
  if (last?.done !== true) throw new Error(last?.error ?? "the chat ended without its end mark");
  return performance.now() - startedAt;
};

const failed = (node: TestedNode, text: string, advice: string): DirectResult => ({
  node,
  finding: { check: `node ${node.id}`, verdict: "fail", text, advice },
  version: "",
  digests: new Map(),
  vector: [],
});

const normOf = (vector: readonly number[]): number => Math.hypot(...vector);

async function examine(node: TestedNode, names: ModelNames): Promise<DirectResult> {
  const { version } = await ask<{ version: string }>(node, "/api/version");
  const { models } = await ask<Tags>(node, "/api/tags");
  const digests = new Map(models.map(({ name, digest }) => [name, digest]));
  const missing = [names.chat, names.embedding].filter((name) => !digests.has(withTag(name)));
  if (missing.length > 0)
    return failed(
      node,
      `${missing.join(" and ")} not installed`,
      `Run: ollama pull ${missing.join(" && ollama pull ")}`,
    );
  const { embeddings } = await ask<{ embeddings: readonly (readonly number[])[] }>(
    node,
    "/api/embed",
    {
      model: names.embedding,
      input: [sampleText],
    },
  );
  const vector = embeddings[0] ?? [];
  if (Math.abs(normOf(vector) - 1) > 0.01)
    return failed(node, "its vectors are not of length 1", "Use another embedding model.");
  const chatMs = await firstTokenOf(node, names.chat);
  const text = `version ${version}, vectors of ${String(vector.length)} numbers, a short chat in ${chatMs.toFixed(0)} ms`;
  const finding: Finding = isOlder(version, oldestSafeOllama)
    ? {
        check: `node ${node.id}`,
        verdict: "warn",
        text: `${text}; versions before ${oldestSafeOllama} have known security faults`,
        advice: "Update Ollama on this node.",
      }
    : { check: `node ${node.id}`, verdict: "ok", text };
  return { node, finding, version, digests, vector };
}

/** Asks one node for everything that Drover needs of it. */
export async function checkDirectly(node: TestedNode, names: ModelNames): Promise<DirectResult> {
  try {
    return await examine(node, names);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    return failed(
      node,
      `${node.url} does not do its work: ${reason}`,
      "Start the node, or take it out of the list.",
    );
  }
}
