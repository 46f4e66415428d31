import { defaultHost, parseModelName, splitModelName } from "../engine/model-name.ts";
import { nodeError } from "../engine/node-error.ts";
import { pullModel } from "../store/pull-model.ts";
import { askedName, findModel } from "./node-context.ts";
import type { Route } from "./node-context.ts";
import { sendProgress } from "./reply.ts";

/** Fetches a model from the library, with its progress. */
export const pull: Route = async (context, exchange) => {
  const { fields, signal } = exchange;
  const asked = askedName(fields);
  if (asked === "") throw nodeError(400, "invalid model name");
  const name = splitModelName(asked);
  if (name.host !== defaultHost)
    throw nodeError(400, "this embedded node pulls from its own model library only");
  const { store, libraryUrl } = context;
  const progress = pullModel({ store, libraryUrl, name, signal });
  await sendProgress(progress, exchange, fields["stream"] !== false);
};

export const push: Route = () =>
  Promise.reject(nodeError(501, "push is not supported by this embedded node"));

/** A second name for a model; the weights are there once. */
export const copy: Route = async (context, { fields, response }) => {
  const [source, destination] = [fields["source"], fields["destination"]].map((name) => {
    if (typeof name !== "string" || name === "") throw nodeError(400, "invalid model name");
    return parseModelName(name);
  });
  const found = source && (await context.store.find(source.key));
  if (source === undefined || destination === undefined || found === undefined)
    throw nodeError(404, `model '${source?.short ?? ""}' not found`);
  await context.store.save({ ...found.record, name: destination.short });
  response.writeHead(200, { "content-length": 0 }).end();
};

/** Takes a model away. What runs on it runs to its end. */
export const remove: Route = async (context, { fields, response }) => {
  const { name, model } = await findModel(context, fields, (asked) => `model '${asked}' not found`);
  await context.store.remove(name.key);
  context.scheduler.unload(model.name);
  response.writeHead(200, { "content-length": 0 }).end();
};

const digestPattern = /^sha256[:-]([0-9a-f]{64})$/;

const sha256Of = (digest: string): string => {
  const sha256 = digestPattern.exec(digest)?.[1];
  if (sha256 === undefined) throw nodeError(400, "invalid digest format");
  return sha256;
};

/** HEAD: whether it is here. POST: takes it in. */
export const blob: Route = async (context, { request, response, named, signal }) => {
  const sha256 = sha256Of(named);
  const { store } = context;
  const isHere = (await store.blobs.has(sha256)) || (await store.findWeights(sha256)) !== undefined;
  if (request.method === "HEAD") {
    response.writeHead(isHere ? 200 : 404).end();
    return;
  }
  if (isHere) {
    request.resume();
    response.writeHead(200, { "content-length": 0 }).end();
    return;
  }
  const length = request.headers["content-length"];
  await store.blobs.receive(
    sha256,
    request,
    length === undefined ? undefined : Number(length),
    signal,
  );
  response.writeHead(201, { "content-length": 0 }).end();
};
