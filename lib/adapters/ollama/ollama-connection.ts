import { Agent, type Dispatcher } from "undici";
import type { z } from "zod";
import { AppError } from "../../core/errors/app-error.ts";
import { errorAnswer } from "./wire.ts";

export interface OllamaAddress {
  readonly id: string;
  /** Origin of the node's API, without a trailing slash. */
  readonly baseUrl: string;
  /** Connections for work: the node's slots and a few to spare. */
  readonly slots: number;
}

export interface CallLimits {
  /** Longest wait for headers, ms: they come with the first token. */
  readonly firstTokenMs: number;
  /** Longest silence between two pieces of the body, ms. */
  readonly interTokenMs: number;
}

/** HTTP to one node: work and probes on connections of their own, no redirect followed, every fault typed. */
export interface OllamaConnection {
  /** The body of a 200 answer; leaving it early closes the socket. */
  stream(
    path: string,
    body: unknown,
    limits: CallLimits,
    signal: AbortSignal,
    method?: "POST" | "DELETE",
  ): Promise<Dispatcher.ResponseData>;
  /** A whole small JSON answer. */
  json<S extends z.ZodType>(call: JsonCall<S>, signal: AbortSignal): Promise<z.output<S>>;
  readonly fault: (reason: string, cause?: unknown) => AppError<"node_failed">;
  close(): Promise<void>;
}

export interface JsonCall<S extends z.ZodType> {
  readonly path: string;
  readonly schema: S;
  /** Absent = GET. */
  readonly body?: unknown;
  readonly limits: CallLimits;
  readonly probe: boolean;
}

interface Sent {
  readonly path: string;
  readonly body?: unknown;
  readonly limits: CallLimits;
  readonly method?: "POST" | "DELETE";
}

const connectMs = 2000;
const spareConnections = 4;
const largestAnswerBytes = 64 * 1_048_576;
const largestErrorBytes = 65_536;

type Fault = OllamaConnection["fault"];

export function createOllamaConnection(address: OllamaAddress): OllamaConnection {
  const agent = (connections: number): Agent =>
    new Agent({ connections, pipelining: 1, connect: { timeout: connectMs } });
  const work = agent(address.slots + spareConnections);
  const probes = agent(2);
  const fault: Fault = (reason, cause) =>
    new AppError("node_failed", { nodeId: address.id, reason }, { cause });

  const send = async (
    agentOfCall: Agent,
    call: Sent,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> => {
    signal.throwIfAborted();
    let response: Dispatcher.ResponseData;
    try {
      response = await agentOfCall.request(requestOf(address.baseUrl, call, signal));
    } catch (error) {
      throw asFault(error, signal, fault);
    }
    // A body that is destroyed after its reader has left emits an error that nobody waits for; readers get theirs from the iteration.
    response.body.on("error", () => undefined);
    if (response.statusCode !== 200) throw await refusal(response, modelOf(call.body), fault);
    return response;
  };

  return {
    fault,
    stream: (path, body, limits, signal, method = "POST") =>
      send(work, { path, body, limits, method }, signal),
    async json(call, signal) {
      const response = await send(call.probe ? probes : work, call, signal);
      let text: string;
      try {
        text = await limitedText(response, largestAnswerBytes);
      } catch (error) {
        throw asFault(error, signal, fault);
      }
      const parsed = call.schema.safeParse(parseJson(text));
      if (!parsed.success) throw fault("garbage", parsed.error);
      return parsed.data;
    },
    async close() {
      await Promise.all([work.destroy(), probes.destroy()]);
    },
  };
}

function requestOf(baseUrl: string, call: Sent, signal: AbortSignal): Dispatcher.RequestOptions {
  const url = new URL(`${baseUrl}${call.path}`);
  return {
    origin: url.origin,
    path: url.pathname,
    method: call.method ?? (call.body === undefined ? "GET" : "POST"),
    headers: { accept: "application/json", ...(call.body === undefined ? {} : jsonHeader) },
    body: call.body === undefined ? null : JSON.stringify(call.body),
    headersTimeout: call.limits.firstTokenMs,
    bodyTimeout: call.limits.interTokenMs,
    signal,
  };
}

/** What an answer other than 200 means. */
async function refusal(
  response: Dispatcher.ResponseData,
  model: string | undefined,
  fault: Fault,
): Promise<AppError> {
  const message = await errorText(response);
  const { statusCode } = response;
  if (statusCode === 404 && model !== undefined) return new AppError("model_not_found", { model });
  if (statusCode === 400 && isContextFault(message))
    return new AppError("context_exceeded", { reason: message });
  // A child that died answers an embedding call with 400 (ollama.md section 1): that is the node, not the request.
  const childDied = /EOF|do embedding request|no longer running/.test(message);
  const isRefused = statusCode >= 400 && statusCode < 500 && statusCode !== 429;
  if (isRefused && !childDied) return new AppError("bad_request", { issues: [message] });
  return fault(`status-${String(statusCode)}`, message);
}

const jsonHeader = { "content-type": "application/json" };

/** An abort keeps the caller's reason; everything else is the node's fault, by a closed set of reasons. */
export function asFault(error: unknown, signal: AbortSignal, fault: Fault): unknown {
  if (signal.aborted) return signal.reason;
  return fault(reasonOf(error), error);
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "refused",
  EHOSTUNREACH: "refused",
  ENETUNREACH: "refused",
  ENOTFOUND: "refused",
  EAI_AGAIN: "refused",
  UND_ERR_CONNECT_TIMEOUT: "refused",
  UND_ERR_HEADERS_TIMEOUT: "silent",
  UND_ERR_BODY_TIMEOUT: "silent",
};

function reasonOf(error: unknown): string {
  const code =
    typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  return reasons[code] ?? "cut";
}

const isContextFault = (message: string): boolean =>
  /exceed_context_size|input length exceeds|context length|context size/.test(message);

const modelOf = (body: unknown): string | undefined =>
  typeof body === "object" && body !== null && "model" in body ? String(body.model) : undefined;

async function errorText(response: Dispatcher.ResponseData): Promise<string> {
  try {
    const text = await limitedText(response, largestErrorBytes);
    const parsed = errorAnswer.safeParse(parseJson(text));
    return (parsed.success ? parsed.data.error : text).slice(0, 500);
  } catch {
    return "";
  }
}

async function limitedText(response: Dispatcher.ResponseData, limitBytes: number): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response.body as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > limitBytes) throw new RangeError("answer too large");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
