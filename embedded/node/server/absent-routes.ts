import { parseModelName } from "../engine/model-name.ts";
import { nodeError } from "../engine/node-error.ts";
import { askedName, findModel } from "./node-context.ts";
import type { Route } from "./node-context.ts";
import { sendJson } from "./reply.ts";

const notHere = (what: string): Error =>
  nodeError(
    501,
    `${what} is not supported by this embedded node: models are installed by Drover itself`,
  );

/** Changing what is installed: the name is checked as Ollama does, then refused. */
export const pull: Route = (_context, { fields }) => {
  const asked = askedName(fields);
  if (asked === "") throw nodeError(400, "invalid model name");
  parseModelName(asked);
  return Promise.reject(notHere("pull"));
};

export const remove: Route = async (context, { fields }) => {
  await findModel(context, fields, (asked) => `model '${asked}' not found`);
  throw notHere("delete");
};

export const change: Route = () => Promise.reject(notHere("changing models"));

export const openAi: Route = (_context, { response }) => {
  const message = "this embedded node has no OpenAI-compatible API: use its Ollama API";
  sendJson(response, 501, { error: { message, type: "api_error", param: null, code: null } });
  return Promise.resolve();
};
