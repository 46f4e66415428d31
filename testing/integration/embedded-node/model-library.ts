import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A small model library over HTTP, as Ollama's: manifest by tag, blobs by digest, ranges. */
export interface ModelLibrary {
  readonly url: string;
  readonly requests: readonly string[];
  /** The next blob answer breaks off after so many bytes. */
  readonly cutNextAfter: (bytes: number) => void;
  readonly ignoreRanges: () => void;
  readonly close: () => Promise<void>;
}

const digestOf = (data: Buffer): string =>
  `sha256:${createHash("sha256").update(data).digest("hex")}`;

/** @param served what is really sent under the digest; other than `data` for a library that is damaged */
export const startModelLibrary = async (data: Buffer, served = data): Promise<ModelLibrary> => {
  const requests: string[] = [];
  let cutAfter: number | undefined;
  let ranges = true;
  const layers = [
    {
      mediaType: "application/vnd.ollama.image.license",
      digest: digestOf(Buffer.from("text")),
      size: 4,
    },
    { mediaType: "application/vnd.ollama.image.model", digest: digestOf(data), size: data.length },
  ];
  const server = createServer((request, response) => {
    const { range } = request.headers;
    requests.push(`${request.url ?? ""}${range === undefined ? "" : ` ${range}`}`);
    if (request.url === "/v2/library/tiny/manifests/latest") {
      response.end(JSON.stringify({ schemaVersion: 2, layers }));
      return;
    }
    if (request.url !== `/v2/library/tiny/blobs/${digestOf(data)}`) {
      response.writeHead(404).end();
      return;
    }
    const from = ranges && range !== undefined ? Number(/bytes=(\d+)-/.exec(range)?.[1]) : 0;
    const part = served.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, { "content-length": part.length });
    if (cutAfter === undefined) {
      response.end(part);
      return;
    }
    response.write(part.subarray(0, cutAfter), () => {
      response.destroy();
    });
    cutAfter = undefined;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    cutNextAfter: (bytes) => {
      cutAfter = bytes;
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
