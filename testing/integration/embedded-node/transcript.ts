import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface WireMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RecordedCall {
  readonly method: string;
  readonly path: string;
  readonly request: WireMessage;
  readonly status: number;
  readonly response: WireMessage;
}

export const transcriptsDir = join(
  import.meta.dirname,
  "..",
  "..",
  "fixtures",
  "ollama-transcripts",
);

const requestMark = ">>>>>>>> REQUEST\n";
const responseMark = "\n<<<<<<<< RESPONSE (raw bytes, chunked framing kept)\n";

const readHeaders = (lines: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );

/** Chunk sizes stand on lines of their own. They are not counted with: paths inside some bodies were shortened. */
const withoutChunkSizes = (body: string): string =>
  body
    .split("\r\n")
    .filter((line) => !/^[0-9a-f]+$/.test(line))
    .join("");

const splitMessage = (message: Buffer): { readonly first: string } & WireMessage => {
  const separator = "\r\n\r\n";
  const end = message.indexOf(separator);
  const [first = "", ...lines] = message.toString("latin1", 0, end).split("\r\n");
  const headers = readHeaders(lines);
  const rest = message.toString("utf8", end + separator.length);
  const body = headers["transfer-encoding"] === "chunked" ? withoutChunkSizes(rest) : rest;
  return { first, headers, body };
};

/** Reads one recorded call of a real Ollama server. */
export const readTranscript = (name: string): RecordedCall => {
  const bytes = readFileSync(join(transcriptsDir, `${name}.txt`));
  const from = bytes.indexOf(requestMark) + requestMark.length;
  const to = bytes.indexOf(responseMark);
  const request = splitMessage(bytes.subarray(from, to));
  const response = splitMessage(bytes.subarray(to + responseMark.length));
  const [method = "", path = ""] = request.first.split(" ");
  const length = Number(request.headers["content-length"] ?? 0);
  const body = Buffer.from(request.body).toString("utf8", 0, length);
  return {
    method,
    path,
    request: { ...request, body },
    status: Number(response.first.split(" ")[1]),
    response,
  };
};
