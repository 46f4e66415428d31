import type { Token } from "node-llama-cpp";
import type { ChatRunner } from "../engine/chat-runner.ts";
import type { ChatTemplate, TemplateMessage } from "../engine/chat-template.ts";
import { nodeError } from "../engine/node-error.ts";
import { templateOfNotation } from "../templates/model-template.ts";
import { complete, loadOrUnload } from "./completion.ts";
import { nativeWire } from "./completion-wire.ts";
import type { CompletionWire, NativeShape } from "./completion-wire.ts";
import { findModel } from "./node-context.ts";
import type { Exchange, NamedModel, NodeContext, Route } from "./node-context.ts";
import type { RequestFields } from "./request-shape.ts";
import { checkNoImages, checkThink, readEarlyFields, readRunFields } from "./run-fields.ts";

const rawShape: NativeShape = {
  content: (response) => ({ response }),
  noContent: { response: "" },
  extra: () => ({}),
};

/** Without raw the last chunk carries the whole exchange as tokens, for the deprecated `context` field. */
const templatedShape: NativeShape = {
  ...rawShape,
  extra: ({ runner, prompt, text }) => ({ context: runner.tokenize(prompt + text) }),
};

const textOf = (fields: RequestFields, name: string): string =>
  (fields[name] as string | undefined) ?? "";

const contextOf = (fields: RequestFields): readonly Token[] =>
  (fields["context"] as readonly Token[] | undefined) ?? [];

const checkGenerate = (named: NamedModel, fields: RequestFields): void => {
  const templated =
    textOf(fields, "template") !== "" ||
    textOf(fields, "system") !== "" ||
    contextOf(fields).length > 0;
  if (fields["raw"] === true && templated)
    throw nodeError(400, "raw mode does not support template, system, or context");
  if (!named.model.capabilities.includes("completion"))
    throw nodeError(400, `${JSON.stringify(named.asked)} does not support generate`);
  if (textOf(fields, "suffix") !== "")
    throw nodeError(400, `${named.name.full} does not support insert`);
  checkThink(named.asked, fields["think"]);
};

/** The request's own template, or the model's. @throws NodeError 400 for one that cannot be read */
const templateFor = (named: NamedModel, fields: RequestFields): ChatTemplate | undefined => {
  const notation = textOf(fields, "template");
  if (notation === "") return named.model.template;
  try {
    return templateOfNotation(notation, []);
  } catch (error) {
    throw nodeError(400, (error as Error).message);
  }
};

const promptRenderer = (
  named: NamedModel,
  fields: RequestFields,
): ((runner: ChatRunner) => string) => {
  const prompt = textOf(fields, "prompt");
  const template = fields["raw"] === true ? undefined : templateFor(named, fields);
  if (template === undefined) return () => prompt;
  const system = textOf(fields, "system") || (named.model.system ?? "");
  const messages: TemplateMessage[] = system === "" ? [] : [{ role: "system", content: system }];
  messages.push({ role: "user", content: prompt });
  return (runner) => runner.toText(contextOf(fields)) + template.render(messages);
};

/** A prompt in Ollama's fields, answered in whatever form `wireFor` gives. */
export const generateAs = async (
  context: NodeContext,
  exchange: Exchange,
  wireFor: (asked: string) => CompletionWire,
): Promise<void> => {
  const { fields } = exchange;
  const early = readEarlyFields(fields);
  const named = await findModel(context, fields, (asked) => `model '${asked}' not found`);
  checkGenerate(named, fields);
  const wire = wireFor(named.asked);
  if (textOf(fields, "prompt") === "") {
    const run = readRunFields(early, { ...fields, format: null }, named.model.parameters);
    await loadOrUnload(context, { named, run, wire }, exchange);
    return;
  }
  const run = readRunFields(early, fields, named.model.parameters);
  checkNoImages(fields["images"]);
  const prompt = promptRenderer(named, fields);
  await complete(context, { named, run, wire, prompt }, exchange);
};

export const generate: Route = (context, exchange) =>
  generateAs(context, exchange, (asked) =>
    nativeWire(exchange.fields["raw"] === true ? rawShape : templatedShape, asked, exchange),
  );
