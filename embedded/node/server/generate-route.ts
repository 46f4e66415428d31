import type { Token } from "node-llama-cpp";
import type { ChatRunner } from "../engine/chat-runner.ts";
import type { TemplateMessage } from "../engine/chat-template.ts";
import { nodeError } from "../engine/node-error.ts";
import { complete, loadOrUnload } from "./completion.ts";
import type { CompletionShape } from "./completion.ts";
import { findModel } from "./node-context.ts";
import type { NamedModel, Route } from "./node-context.ts";
import type { RequestFields } from "./request-shape.ts";
import {
  checkFormat,
  checkNoImages,
  checkThink,
  readEarlyFields,
  readOptions,
} from "./run-fields.ts";
import type { RunFields } from "./run-fields.ts";

const rawShape: CompletionShape = {
  content: (response) => ({ response }),
  noContent: { response: "" },
  extra: () => ({}),
};

/** Without raw the last chunk carries the whole exchange as tokens, for the deprecated `context` field. */
const templatedShape: CompletionShape = {
  ...rawShape,
  extra: (runner, prompt, text) => ({ context: runner.tokenize(prompt + text) }),
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
  if (textOf(fields, "template") !== "")
    throw nodeError(
      400,
      "template is not supported by this embedded node: send the prompt with raw instead",
    );
  checkThink(named.asked, fields["think"]);
};

const renderPrompt =
  (named: NamedModel, fields: RequestFields) =>
  (runner: ChatRunner): string => {
    const prompt = textOf(fields, "prompt");
    const { template } = named.model;
    if (fields["raw"] === true || template === undefined) return prompt;
    const system = textOf(fields, "system");
    const messages: TemplateMessage[] = system === "" ? [] : [{ role: "system", content: system }];
    messages.push({ role: "user", content: prompt });
    return runner.toText(contextOf(fields)) + template.render(messages);
  };

export const generate: Route = async (context, exchange) => {
  const { fields } = exchange;
  const early = readEarlyFields(fields);
  const named = await findModel(context, fields, (asked) => `model '${asked}' not found`);
  checkGenerate(named, fields);
  const run: RunFields = { ...early, options: readOptions(fields) };
  const shape = fields["raw"] === true ? rawShape : templatedShape;
  if (textOf(fields, "prompt") === "") {
    await loadOrUnload(context, { named, run, shape }, exchange);
    return;
  }
  checkFormat(fields["format"]);
  checkNoImages(fields["images"]);
  const stop = run.options.stop.length > 0 ? run.options.stop : (named.model.template?.stop ?? []);
  await complete(
    context,
    { named, run, shape, stop, prompt: renderPrompt(named, fields) },
    exchange,
  );
};
