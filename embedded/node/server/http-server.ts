import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { isNodeError, nodeError } from "../engine/node-error.ts";
import { chatFieldsOf, completionFieldsOf } from "../openai/openai-fields.ts";
import * as openAi from "../openai/openai-routes.ts";
import { chat } from "./chat-route.ts";
import { create } from "./create-route.ts";
import { embed, embeddings } from "./embed-routes.ts";
import { generate } from "./generate-route.ts";
import { parseBody } from "./go-json.ts";
import { isAllowed } from "./host-guard.ts";
import { ps, root, show, tags, version } from "./info-routes.ts";
import { blob, copy, pull, push, remove } from "./model-routes.ts";
import type { NodeContext, Route } from "./node-context.ts";
import { jsonType, sendJson, sendText, toGoJson } from "./reply.ts";
import { rerank } from "./rerank-route.ts";
import { checkRequest } from "./request-shape.ts";
import type { RequestFields, RequestKind } from "./request-shape.ts";

/** A body's own shape, or what makes Ollama's fields of another API's. */
type BodyReader = RequestKind | ((fields: RequestFields) => RequestFields);

interface Endpoint {
  readonly methods: readonly string[];
  readonly route: Route;
  /** Absent where no body is read. */
  readonly body?: BodyReader;
}

const read = (route: Route, methods: readonly string[] = ["GET", "HEAD"]): Endpoint => ({
  methods,
  route,
});
const post = (route: Route, body: BodyReader): Endpoint => ({ methods: ["POST"], route, body });

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
  "/api/pull": post(pull, "PullRequest"),
  "/api/delete": { methods: ["DELETE"], route: remove, body: "DeleteRequest" },
  "/api/push": post(push, "PullRequest"),
  "/api/create": post(create, "CreateRequest"),
  "/api/copy": post(copy, "CopyRequest"),
  "/api/blobs/": { methods: ["HEAD", "POST"], route: blob },
  "/v1/models": read(openAi.models, ["GET"]),
  "/v1/models/": read(openAi.oneModel, ["GET"]),
  "/v1/chat/completions": post(openAi.chatCompletions, chatFieldsOf),
  "/v1/completions": post(openAi.completions, completionFieldsOf),
  "/v1/embeddings": post(openAi.embeddings, (fields) => fields),
  "/v1/rerank": post(rerank, (fields) => fields),
};

interface Found {
  readonly endpoint: Endpoint | undefined;
  /** The rest of the path, where the endpoint's own ends in a slash. */
  readonly named: string;
}

const findEndpoint = (path: string): Found => {
  if (Object.hasOwn(endpoints, path) && (path === "/" || !path.endsWith("/")))
    return { endpoint: endpoints[path], named: "" };
  const slash = path.lastIndexOf("/api/blobs/") === 0 ? "/api/blobs/" : "/v1/models/";
  const named = path.startsWith(slash) ? path.slice(slash.length) : "";
  return { endpoint: named === "" ? undefined : endpoints[slash], named: decoded(named) };
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
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

const openAiPath = "/v1/";

/** As the OpenAI form names kinds of failures. */
const openAiBody = (status: number, message: string): object => {
  const types: Readonly<Record<number, string>> = {
    400: "invalid_request_error",
    404: "not_found_error",
  };
  const type = types[status] ?? "api_error";
  return { error: { message, type, param: null, code: null } };
};

interface FailedExchange {
  readonly path: string;
  readonly streams: boolean;
  /** Whether the body was understood. */
  readonly isRead: boolean;
}

/** A failure before the first chunk keeps its status; a later one is a line, or an event, of the stream. */
const sendError = (
  response: ServerResponse,
  error: unknown,
  { path, streams, isRead }: FailedExchange,
): void => {
  if (response.destroyed) return;
  const status = isNodeError(error) ? error.status : 500;
  const message = error instanceof Error ? error.message : String(error);
  if (path.startsWith(openAiPath)) {
    const body = openAiBody(status, message);
    // Clients of this form take an event with an error for what it is; a stream that merely ends looks complete.
    if (response.headersSent) response.end(`data: ${JSON.stringify(body)}\n\n`);
    else sendJson(response, status, body, isRead ? "application/json" : jsonType);
    return;
  }
  const body = { error: message };
  if (response.headersSent) {
    response.end(`${toGoJson(body)}\n`);
    return;
  }
  const type = isNodeError(error) && error.fromEngine && streams ? "application/json" : jsonType;
  sendJson(response, status, body, type);
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

/** A target such as `//` is no address: it names nothing here. */
const pathOf = (target: string): string =>
  URL.canParse(target, "http://node.invalid")
    ? new URL(target, "http://node.invalid").pathname
    : target;

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
  const pathname = pathOf(request.url ?? "/");
  const { endpoint, named } = findEndpoint(pathname);
  if (endpoint?.methods.includes(request.method ?? "") !== true) {
    refuse(response, endpoint);
    return;
  }
  const signal = clientSignal(response);
  let fields: RequestFields = {};
  let isRead = false;
  try {
    if (endpoint.body !== undefined) fields = await readFields(endpoint.body, request);
    isRead = true;
    await endpoint.route(context, { fields, named, request, response, signal, startedMs });
  } catch (error) {
    if (!signal.aborted)
      sendError(response, error, {
        path: pathname,
        streams: fields["stream"] !== false,
        isRead,
      });
  }
};

const readFields = async (reader: BodyReader, request: IncomingMessage): Promise<RequestFields> => {
  const body = parseBody(await readBody(request));
  if (typeof reader === "string") return checkRequest(reader, body);
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw nodeError(400, "the body must be a JSON object");
  return reader(body as RequestFields);
};

/** The Ollama REST API over one node's models. */
export const createNodeServer = (context: NodeContext): Server => {
  const server = createServer((request, response) => {
    // Whatever a client sends, it ends no more than its own connection.
    handle(context, request, response).catch(() => response.destroy());
  });
  // Queueing and prefill happen before the first byte: the server itself never gives up on a request.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  return server;
};
