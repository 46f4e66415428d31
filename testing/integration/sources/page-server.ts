import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface PageServer {
  readonly port: number;
  /** Paths asked for so far, in order. */
  readonly asked: string[];
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  close(): Promise<void>;
}

/** A web server on loopback whose answers a test decides. */
export async function startPageServer(): Promise<PageServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.headers.host ?? ""}${request.url ?? ""}`);
    running.answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const running: PageServer = {
    port: (server.address() as AddressInfo).port,
    asked,
    answer: (_request, response) => response.writeHead(404).end(),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return running;
}
