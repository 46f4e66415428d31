import { normalise } from "../engine/embed-runner.ts";
import type { EmbedInput, EmbedRunner } from "../engine/embed-runner.ts";
import type { ModelLease } from "../engine/loaded-entries.ts";
import { nodeError } from "../engine/node-error.ts";
import { readRunOptions } from "../engine/run-options.ts";
import type { JsonValue } from "./go-json.ts";
import { parseKeepAliveMs } from "./keep-alive.ts";
import { findModel } from "./node-context.ts";
import type { Exchange, NodeContext, NamedModel, Route } from "./node-context.ts";
import { nanoseconds, sendJson } from "./reply.ts";

const notAnEmbedder = "This server does not support embeddings. Start it with `--embeddings`";

/** Shortest decimal number that is the same single-precision number: half the bytes on the wire. */
const shortest = (value: number): number => {
  for (let digits = 6; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return Number(value.toPrecision(9));
};

const inputsOf = (input: JsonValue | undefined): readonly string[] => {
  if (input === undefined || input === null || input === "") return [];
  if (typeof input === "string") return [input];
  if (Array.isArray(input) && input.every((item) => typeof item === "string")) return input;
  throw nodeError(400, "invalid input type");
};

/** @throws NodeError as `findModel` */
export const findInstalled = (context: NodeContext, { fields }: Exchange): Promise<NamedModel> =>
  findModel(
    context,
    fields,
    (asked) => `model ${JSON.stringify(asked)} not found, try pulling it first`,
  );

/** Without a text nothing is embedded: that loads and unloads a model that scores pairs as well. */
const findEmbedder = async (
  context: NodeContext,
  exchange: Exchange,
  texts: readonly string[],
): Promise<NamedModel> => {
  const named = await findInstalled(context, exchange);
  const { capabilities } = named.model;
  const isOnlyLoaded = texts.length === 0 && capabilities.includes("rerank");
  if (!isOnlyLoaded && !capabilities.includes("embedding")) throw nodeError(501, notAnEmbedder);
  return named;
};

/** Options and keep-alive as the request has them. */
export const lease = (
  context: NodeContext,
  named: NamedModel,
  { fields, signal }: Exchange,
): Promise<ModelLease> => {
  const options = fields["options"] as Readonly<Record<string, unknown>> | undefined;
  const wanted = {
    numCtx: readRunOptions({ ...named.model.parameters, ...options }).numCtx,
    keepAliveMs: parseKeepAliveMs(fields["keep_alive"]),
  };
  return context.scheduler.acquire(named.model, wanted, signal);
};

const prepareAll = (
  runner: EmbedRunner,
  texts: readonly string[],
  truncate: boolean,
): readonly EmbedInput[] => {
  const inputs = texts.map((text) => runner.prepare(text));
  if (!truncate && inputs.some(({ whole }) => !whole))
    throw nodeError(400, "the input length exceeds the context length");
  return inputs;
};

const shorten = (vector: Float32Array, dimensions: number): Float32Array =>
  dimensions > 0 && dimensions < vector.length ? normalise(vector.slice(0, dimensions)) : vector;

interface Embedded {
  readonly asked: string;
  readonly embeddings: readonly (readonly number[])[];
  /** Of all texts together. */
  readonly tokens: number;
  readonly loadMs: number;
}

/** A vector for each text, in order; the other fields are Ollama's. */
export const embedTexts = async (
  context: NodeContext,
  exchange: Exchange,
  texts: readonly string[],
): Promise<Embedded> => {
  const { fields, signal } = exchange;
  parseKeepAliveMs(fields["keep_alive"]);
  const named = await findEmbedder(context, exchange, texts);
  const held = await lease(context, named, exchange);
  try {
    const runner = held.runner as EmbedRunner;
    const inputs = prepareAll(runner, texts, fields["truncate"] !== false);
    const dimensions = Number(fields["dimensions"] ?? 0);
    const vectors: number[][] = [];
    // One after another through the queue, so that another client's text gets its turn in between.
    for (const input of inputs)
      vectors.push(Array.from(shorten(await runner.embed(input, signal), dimensions), shortest));
    const tokens = inputs.reduce((sum, input) => sum + input.tokens.length, 0);
    return { asked: named.asked, embeddings: vectors, tokens, loadMs: held.loadMs };
  } finally {
    held.release();
  }
};

export const embed: Route = async (context, exchange) => {
  const { fields, response, startedMs } = exchange;
  const texts = inputsOf(fields["input"]);
  const answer = await embedTexts(context, exchange, texts);
  const { asked: model, embeddings: vectors } = answer;
  if (texts.length === 0) {
    sendJson(response, 200, { model, embeddings: [] });
    return;
  }
  sendJson(response, 200, {
    model,
    embeddings: vectors,
    total_duration: nanoseconds(performance.now() - startedMs),
    load_duration: nanoseconds(answer.loadMs),
    prompt_eval_count: answer.tokens,
  });
};

/** The older form: one text, one vector, never cut. */
export const embeddings: Route = async (context, exchange) => {
  const { fields, response, signal } = exchange;
  parseKeepAliveMs(fields["keep_alive"]);
  const prompt = (fields["prompt"] as string | undefined) ?? "";
  const named = await findEmbedder(context, exchange, prompt === "" ? [] : [prompt]);
  const held = await lease(context, named, exchange);
  try {
    if (prompt === "") {
      sendJson(response, 200, { embedding: [] });
      return;
    }
    const runner = held.runner as EmbedRunner;
    const [input] = prepareAll(runner, [prompt], false);
    if (input !== undefined)
      sendJson(response, 200, { embedding: [...(await runner.embed(input, signal))] });
  } finally {
    held.release();
  }
};
