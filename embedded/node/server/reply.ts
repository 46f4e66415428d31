import type { ServerResponse } from "node:http";

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
export const sendLine = async (
  response: ServerResponse,
  line: unknown,
  signal: AbortSignal,
): Promise<void> => {
  if (!response.headersSent) response.writeHead(200, { "content-type": streamType });
  if (response.write(`${toGoJson(line)}\n`) || signal.aborted) return;
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

/** UTC time as Go prints it, with microseconds. */
export const goTime = (ms: number): string => {
  const micros = Math.floor((ms - Math.floor(ms)) * 1000);
  return `${new Date(Math.floor(ms)).toISOString().slice(0, -1)}${String(micros).padStart(3, "0")}Z`;
};

export const goNow = (): string => goTime(performance.timeOrigin + performance.now());

/** Integer nanoseconds, never 0: Ollama leaves out what is zero. */
export const nanoseconds = (ms: number): number => Math.max(1, Math.round(ms * 1e6));
