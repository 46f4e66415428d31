import type { ChatRunner } from "../engine/chat-runner.ts";
import type { ChatTemplate, TemplateMessage } from "../engine/chat-template.ts";
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

const shape: CompletionShape = {
  content: (content) => ({ message: { role: "assistant", content } }),
  noContent: { message: { role: "", content: "" } },
  extra: () => ({}),
};

const messagesOf = (fields: RequestFields): readonly RequestFields[] =>
  (fields["messages"] as readonly RequestFields[] | undefined) ?? [];

const toTemplateMessage = (message: RequestFields): TemplateMessage => ({
  role: (message["role"] as string | undefined) ?? "",
  content: (message["content"] as string | undefined) ?? "",
});

/** Drops whole messages from the oldest on, never a system message nor the last one, until the prompt fits. */
const renderToFit = (
  template: ChatTemplate,
  messages: readonly TemplateMessage[],
  runner: ChatRunner,
  run: RunFields,
): string => {
  let prompt = template.render(messages);
  if (!run.truncate) return prompt;
  for (
    let dropped = 1;
    dropped < messages.length && runner.tokenize(prompt).length > runner.numCtx;
    dropped++
  ) {
    const systems = messages.slice(0, dropped).filter(({ role }) => role === "system");
    prompt = template.render([...systems, ...messages.slice(dropped)]);
  }
  return prompt;
};

const checkTools = (named: NamedModel, tools: RequestFields[string] | undefined): void => {
  if (Array.isArray(tools) && tools.length > 0)
    throw nodeError(400, `${named.name.full} does not support tools`);
};

export const chat: Route = async (context, exchange) => {
  const { fields } = exchange;
  const early = readEarlyFields(fields);
  const named = await findModel(context, fields, (asked) => `model '${asked}' not found`);
  const { template } = named.model;
  if (template === undefined)
    throw nodeError(400, `${JSON.stringify(named.asked)} does not support chat`);
  checkThink(named.asked, fields["think"]);
  checkTools(named, fields["tools"]);
  const run: RunFields = { ...early, options: readOptions(fields) };
  const messages = messagesOf(fields);
  if (messages.length === 0) {
    await loadOrUnload(context, { named, run, shape }, exchange);
    return;
  }
  checkFormat(fields["format"]);
  for (const message of messages) checkNoImages(message["images"]);
  const plain = messages.map(toTemplateMessage);
  const prompt = (runner: ChatRunner): string => renderToFit(template, plain, runner, run);
  const stop = run.options.stop.length > 0 ? run.options.stop : template.stop;
  await complete(context, { named, run, shape, stop, prompt }, exchange);
};
