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

const findEmbedder = async (context: NodeContext, { fields }: Exchange): Promise<NamedModel> => {
  const named = await findModel(
    context,
    fields,
    (asked) => `model ${JSON.stringify(asked)} not found, try pulling it first`,
  );
  if (!named.model.capabilities.includes("embedding")) throw nodeError(501, notAnEmbedder);
  return named;
};

const lease = (
  context: NodeContext,
  named: NamedModel,
  { fields, signal }: Exchange,
): Promise<ModelLease> => {
  const options = fields["options"] as Readonly<Record<string, unknown>> | undefined;
  const wanted = {
    numCtx: readRunOptions(options).numCtx,
    keepAliveMs: parseKeepAliveMs(fields["keep_alive"]),
  };
  return context.scheduler.acquire(named.model, wanted, signal);
};

const prepareAll = (
  runner: EmbedRunner,
  texts: readonly string[],
  truncate: boolean,
): readonly EmbedInput[] => {
  const inputs = texts.map(runner.prepare);
  if (!truncate && inputs.some(({ whole }) => !whole))
    throw nodeError(400, "the input length exceeds the context length");
  return inputs;
};

const shorten = (vector: Float32Array, dimensions: number): Float32Array =>
  dimensions > 0 && dimensions < vector.length ? normalise(vector.slice(0, dimensions)) : vector;

export const embed: Route = async (context, exchange) => {
  const { fields, response, signal, startedMs } = exchange;
  const texts = inputsOf(fields["input"]);
  parseKeepAliveMs(fields["keep_alive"]);
  const named = await findEmbedder(context, exchange);
  const held = await lease(context, named, exchange);
  try {
    if (texts.length === 0) {
      sendJson(response, 200, { model: named.asked, embeddings: [] });
      return;
    }
    const runner = held.runner as EmbedRunner;
    const inputs = prepareAll(runner, texts, fields["truncate"] !== false);
    const dimensions = Number(fields["dimensions"] ?? 0);
    const embeddings: number[][] = [];
    // One after another through the queue, so that another client's text gets its turn in between.
    for (const input of inputs)
      embeddings.push(Array.from(shorten(await runner.embed(input, signal), dimensions), shortest));
    sendJson(response, 200, {
      model: named.asked,
      embeddings,
      total_duration: nanoseconds(performance.now() - startedMs),
      load_duration: nanoseconds(held.loadMs),
      prompt_eval_count: inputs.reduce((sum, { tokens }) => sum + tokens.length, 0),
    });
  } finally {
    held.release();
  }
};

/** The older form: one text, one vector, never cut. */
export const embeddings: Route = async (context, exchange) => {
  const { fields, response, signal } = exchange;
  parseKeepAliveMs(fields["keep_alive"]);
  const named = await findEmbedder(context, exchange);
  const prompt = (fields["prompt"] as string | undefined) ?? "";
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
