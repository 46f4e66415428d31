import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { isNodeError, nodeError } from "../engine/node-error.ts";
import { change, openAi, pull, remove } from "./absent-routes.ts";
import { chat } from "./chat-route.ts";
import { embed, embeddings } from "./embed-routes.ts";
import { generate } from "./generate-route.ts";
import { parseBody } from "./go-json.ts";
import { isAllowed } from "./host-guard.ts";
import { ps, root, show, tags, version } from "./info-routes.ts";
import type { Exchange, NodeContext, Route } from "./node-context.ts";
import { jsonType, sendJson, sendText, toGoJson } from "./reply.ts";
import { checkRequest } from "./request-shape.ts";
import type { RequestFields, RequestKind } from "./request-shape.ts";

interface Endpoint {
  readonly methods: readonly string[];
  readonly route: Route;
  /** Shape of the body; absent where none is read. */
  readonly body?: RequestKind;
}

const read = (route: Route, methods: readonly string[] = ["GET", "HEAD"]): Endpoint => ({
  methods,
  route,
});
const post = (route: Route, body: RequestKind): Endpoint => ({ methods: ["POST"], route, body });

const endpoints: Readonly<Record<string, Endpoint>> = {
  "/": read(root),
  "/api/version": read(version),
  "/api/tags": read(tags),
  "/api/ps": read(ps, ["GET"]),
  "/api/show": post(show, "ShowRequest"),
  "/api/chat": post(chat, "ChatRequest"),
  "/api/generate": post(generate, "GenerateRequest"),
  "/api/embed": post(embed, "EmbedRequest"),
  "/api/embeddings": post(embeddings, "EmbeddingRequest"),
  "/api/pull": post(pull, "ModelRequest"),
  "/api/delete": { methods: ["DELETE"], route: remove, body: "ModelRequest" },
  "/api/push": post(change, "ModelRequest"),
  "/api/create": post(change, "ModelRequest"),
  "/api/copy": post(change, "ModelRequest"),
  "/v1/models": read(openAi, ["GET"]),
  "/v1/chat/completions": read(openAi, ["POST"]),
  "/v1/completions": read(openAi, ["POST"]),
  "/v1/embeddings": read(openAi, ["POST"]),
};

const mostBodyBytes = 64 * 1024 * 1024;

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBodyBytes) throw nodeError(413, "request body too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
};

/** A failure before the first chunk keeps its status; a later one is a line of the stream. */
const sendError = (response: ServerResponse, error: unknown, streams: boolean): void => {
  if (response.destroyed) return;
  const body = { error: error instanceof Error ? error.message : String(error) };
  if (response.headersSent) {
    response.end(`${toGoJson(body)}\n`);
    return;
  }
  const type = isNodeError(error) && error.fromEngine && streams ? "application/json" : jsonType;
  sendJson(response, isNodeError(error) ? error.status : 500, body, type);
};

/** Aborted as soon as the client's connection is gone before the answer is complete. */
const clientSignal = (response: ServerResponse): AbortSignal => {
  const controller = new AbortController();
  response.on("close", () => {
    if (!response.writableFinished) controller.abort(new Error("the client left"));
  });
  return controller.signal;
};

const refuse = (response: ServerResponse, endpoint: Endpoint | undefined): void => {
  if (endpoint === undefined) {
    sendText(response, 404, "404 page not found", "text/plain");
    return;
  }
  response.setHeader("allow", endpoint.methods.join(", "));
  sendText(response, 405, "405 method not allowed", "text/plain");
};

const handle = async (
  context: NodeContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const startedMs = performance.now();
  response.setHeader("x-drover-node", context.version);
  if (!isAllowed(request.headers)) {
    response.writeHead(403, { "content-length": 0 }).end();
    return;
  }
  const { pathname } = new URL(request.url ?? "/", "http://node.invalid");
  const endpoint = Object.hasOwn(endpoints, pathname) ? endpoints[pathname] : undefined;
  if (endpoint?.methods.includes(request.method ?? "") !== true) {
    refuse(response, endpoint);
    return;
  }
  const signal = clientSignal(response);
  let fields: RequestFields = {};
  try {
    if (endpoint.body !== undefined)
      fields = checkRequest(endpoint.body, parseBody(await readBody(request)));
    const exchange: Exchange = { fields, response, signal, startedMs };
    await endpoint.route(context, exchange);
  } catch (error) {
    if (!signal.aborted) sendError(response, error, fields["stream"] !== false);
  }
};

/** The Ollama REST API over one node's models. */
export const createNodeServer = (context: NodeContext): Server => {
  const server = createServer((request, response) => {
    void handle(context, request, response);
  });
  // Queueing and prefill happen before the first byte: the server itself never gives up on a request.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  return server;
};
