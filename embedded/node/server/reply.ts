import type { ServerResponse } from "node:http";
import { isNodeError } from "../engine/node-error.ts";

/** Go writes angle brackets and ampersands in JSON as escapes. */
const escaped: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

export const toGoJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => escaped[character] ?? character,
  );

export const jsonType = "application/json; charset=utf-8";
const streamType = "application/x-ndjson";
export const eventStreamType = "text/event-stream";

/** One JSON object as the whole answer. */
export const sendJson = (
  response: ServerResponse,
  status: number,
  body: unknown,
  type = jsonType,
): void => {
  sendText(response, status, toGoJson(body), type);
};

export const sendText = (
  response: ServerResponse,
  status: number,
  text: string,
  type: string,
): void => {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(text) });
  response.end(text);
};

/** A line of a stream; status and headers leave with the first one. Resolves when the client can take more. */
export const sendLine = (
  response: ServerResponse,
  line: unknown,
  signal: AbortSignal,
): Promise<void> => {
  if (!response.headersSent) response.writeHead(200, { "content-type": streamType });
  return write(response, `${toGoJson(line)}\n`, signal);
};

/** A server-sent event, the same way. */
export const sendEvent = (
  response: ServerResponse,
  data: string,
  signal: AbortSignal,
): Promise<void> => {
  if (!response.headersSent) response.writeHead(200, { "content-type": eventStreamType });
  return write(response, `data: ${data}\n\n`, signal);
};

const write = async (
  response: ServerResponse,
  text: string,
  signal: AbortSignal,
): Promise<void> => {
  if (response.write(text) || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      response.off("drain", go);
      signal.removeEventListener("abort", go);
      resolve();
    };
    response.on("drain", go);
    signal.addEventListener("abort", go, { once: true });
  });
};

/** Sends a work's progress line by line, or only its last line, or its failure, when the client wants no stream. */
export const sendProgress = async (
  progress: AsyncIterable<object>,
  { response, signal }: { readonly response: ServerResponse; readonly signal: AbortSignal },
  streams: boolean,
): Promise<void> => {
  let last: object = {};
  let status = 200;
  try {
    for await (const line of progress) {
      last = line;
      if (streams) await sendLine(response, line, signal);
    }
  } catch (error) {
    if (streams || signal.aborted || !isNodeError(error)) throw error;
    last = { error: error.message };
    ({ status } = error);
  }
  if (streams) response.end();
  else sendJson(response, status, last, "application/json");
};

/** UTC time as Go prints it, with microseconds. */
export const goTime = (ms: number): string => {
  const micros = Math.floor((ms - Math.floor(ms)) * 1000);
  return `${new Date(Math.floor(ms)).toISOString().slice(0, -1)}${String(micros).padStart(3, "0")}Z`;
};

export const goNow = (): string => goTime(performance.timeOrigin + performance.now());

/** Integer nanoseconds, never 0: Ollama leaves out what is zero. */
export const nanoseconds = (ms: number): number => Math.max(1, Math.round(ms * 1e6));
