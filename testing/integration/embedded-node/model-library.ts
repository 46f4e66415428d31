import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A small model library over HTTP, as Ollama's: manifest by tag, blobs by digest, ranges. */
export interface ModelLibrary {
  readonly url: string;
  readonly requests: readonly string[];
  /** The next blob answer breaks off after so many bytes. */
  readonly cutNextAfter: (bytes: number) => void;
  /** The next blob answer stops after so many bytes, the connection open, until it is let go on. */
  readonly holdNextAfter: (bytes: number) => {
    readonly held: Promise<void>;
    readonly goOn: () => void;
  };
  readonly ignoreRanges: () => void;
  readonly close: () => Promise<void>;
}

export interface LibraryOptions {
  /** What is really sent under the weights' digest; other than the weights for a library that is damaged. */
  readonly served?: Buffer;
  /** Texts beside the weights, by the last word of their media type: `template`, `params`, `system`, `license`. */
  readonly texts?: Readonly<Record<string, string>>;
}

export const digestOf = (data: Buffer): string =>
  `sha256:${createHash("sha256").update(data).digest("hex")}`;

interface Layer {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const layerOf = (kind: string, data: Buffer): Layer => ({
  mediaType: `application/vnd.ollama.image.${kind}`,
  digest: digestOf(data),
  size: data.length,
});

const listen = async (server: Server): Promise<string> => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
};

/** The model `library/tiny:latest`. */
export const startModelLibrary = async (
  data: Buffer,
  { served = data, texts = { license: "text" } }: LibraryOptions = {},
): Promise<ModelLibrary> => {
  const requests: string[] = [];
  let ranges = true;
  let limit:
    { readonly bytes: number; readonly reached: (response: ServerResponse) => void } | undefined;
  const contents = Object.entries(texts).map(([kind, text]) => [kind, Buffer.from(text)] as const);
  const layers = [...contents.map(([kind, text]) => layerOf(kind, text)), layerOf("model", data)];
  const blobs = new Map([
    ...contents.map(([, text]) => [digestOf(text), text] as const),
    [digestOf(data), served] as const,
  ]);

  const sendBlob = (response: ServerResponse, blob: Buffer, range: string | undefined): void => {
    const from = ranges && range !== undefined ? Number(/bytes=(\d+)-/.exec(range)?.[1]) : 0;
    const part = blob.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, { "content-length": part.length });
    if (limit === undefined || blob !== served) {
      response.end(part);
      return;
    }
    const { bytes, reached } = limit;
    limit = undefined;
    response.write(part.subarray(0, bytes), () => {
      reached(response);
    });
    response.once("goOn", () => response.end(part.subarray(bytes)));
  };

  const server = createServer((request, response) => {
    const { range } = request.headers;
    requests.push(`${request.url ?? ""}${range === undefined ? "" : ` ${range}`}`);
    if (request.url === "/v2/library/tiny/manifests/latest") {
      response.end(JSON.stringify({ schemaVersion: 2, layers }));
      return;
    }
    const digest = request.url?.startsWith("/v2/library/tiny/blobs/")
      ? request.url.slice("/v2/library/tiny/blobs/".length)
      : "";
    const blob = blobs.get(digest);
    if (blob === undefined) response.writeHead(404).end();
    else sendBlob(response, blob, range);
  });
  const url = await listen(server);
  return {
    url,
    requests,
    cutNextAfter: (bytes) => {
      limit = { bytes, reached: (response) => response.destroy() };
    },
    holdNextAfter: (bytes) => {
      let letGo: () => void = () => undefined;
      const held = new Promise<void>((resolve) => {
        limit = {
          bytes,
          reached: (response) => {
            letGo = () => response.emit("goOn");
            resolve();
          },
        };
      });
      return {
        held,
        goOn: () => {
          letGo();
        },
      };
    },
    ignoreRanges: () => {
      ranges = false;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};
