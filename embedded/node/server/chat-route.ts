import type { ChatRunner } from "../engine/chat-runner.ts";
import type { ChatTemplate, TemplateMessage } from "../engine/chat-template.ts";
import { nodeError } from "../engine/node-error.ts";
import { complete, loadOrUnload } from "./completion.ts";
import { nativeWire } from "./completion-wire.ts";
import type { CompletionWire, NativeShape } from "./completion-wire.ts";
import { findModel } from "./node-context.ts";
import type { Exchange, NamedModel, NodeContext, Route } from "./node-context.ts";
import type { RequestFields } from "./request-shape.ts";
import { checkNoImages, checkThink, readEarlyFields, readRunFields } from "./run-fields.ts";
import type { RunFields } from "./run-fields.ts";

const shape: NativeShape = {
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

/** The model's own system text comes first unless the conversation begins with one. */
export const withSystem = (
  messages: readonly TemplateMessage[],
  system: string | undefined,
): readonly TemplateMessage[] =>
  system === undefined || system === "" || messages[0]?.role === "system"
    ? messages
    : [{ role: "system", content: system }, ...messages];

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

/** A conversation in Ollama's fields, answered in whatever form `wireFor` gives. */
export const chatAs = async (
  context: NodeContext,
  exchange: Exchange,
  wireFor: (asked: string) => CompletionWire,
): Promise<void> => {
  const { fields } = exchange;
  const early = readEarlyFields(fields);
  const named = await findModel(context, fields, (asked) => `model '${asked}' not found`);
  const { template, system } = named.model;
  if (template === undefined)
    throw nodeError(400, `${JSON.stringify(named.asked)} does not support chat`);
  checkThink(named.asked, fields["think"]);
  checkTools(named, fields["tools"]);
  const wire = wireFor(named.asked);
  const messages = messagesOf(fields);
  if (messages.length === 0) {
    const run = readRunFields(early, { ...fields, format: null }, named.model.parameters);
    await loadOrUnload(context, { named, run, wire }, exchange);
    return;
  }
  const run = readRunFields(early, fields, named.model.parameters);
  for (const message of messages) checkNoImages(message["images"]);
  const plain = withSystem(messages.map(toTemplateMessage), system);
  const prompt = (runner: ChatRunner): string => renderToFit(template, plain, runner, run);
  await complete(context, { named, run, wire, prompt }, exchange);
};

export const chat: Route = (context, exchange) =>
  chatAs(context, exchange, (asked) => nativeWire(shape, asked, exchange));
