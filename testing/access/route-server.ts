import { readdir } from "node:fs/promises";
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";

const appDir = fileURLToPath(new URL("../../app/", import.meta.url));
export const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof methods)[number];

type Handler = (
  request: Request,
  context: { readonly params: Promise<Record<string, string>> },
) => Promise<Response>;

export interface AppRoute {
  /** As Next serves it, e.g. `/api/documents/[id]`. */
  readonly path: string;
  readonly handlers: Readonly<Partial<Record<Method, Handler>>>;
}

/** Every route file of the app folder, found on disk: a new one is here without being entered anywhere. */
export async function findRoutes(): Promise<readonly AppRoute[]> {
  const files = await readdir(appDir, { recursive: true });
  const routeFiles = files.filter((file) => /(^|\/)route\.tsx?$/.test(file)).sort();
  return Promise.all(
    routeFiles.map(async (file) => {
      const folder = file.split("/").slice(0, -1);
      const path = `/${folder.filter((part) => !/^\(.*\)$/.test(part)).join("/")}`;
      const handlers = (await import(join(appDir, file))) as AppRoute["handlers"];
      return { path, handlers };
    }),
  );
}

function match(routes: readonly AppRoute[], pathname: string) {
  const parts = pathname.split("/");
  // As Next does: a name goes before a parameter.
  const named = [...routes].sort(
    (one, other) => one.path.split("[").length - other.path.split("[").length,
  );
  for (const route of named) {
    const pattern = route.path.split("/");
    if (pattern.length !== parts.length) continue;
    const params: Record<string, string> = {};
    const fits = pattern.every((part, index) => {
      const given = parts[index] ?? "";
      const name = /^\[(\w+)\]$/.exec(part)?.[1];
      if (name === undefined) return part === given;
      params[name] = decodeURIComponent(given);
      return given !== "";
    });
    if (fits) return { route, params };
  }
  return null;
}

function toRequest(incoming: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers();
  for (let index = 0; index < incoming.rawHeaders.length; index += 2)
    headers.append(incoming.rawHeaders[index]!, incoming.rawHeaders[index + 1]!);
  const hasBody = incoming.method !== "GET" && incoming.method !== "HEAD";
  return new Request(`http://localhost${incoming.url ?? "/"}`, {
    method: incoming.method!,
    headers,
    signal,
    ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: "half" } : {}),
  });
}

async function answer(
  routes: readonly AppRoute[],
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const left = new AbortController();
  outgoing.on("close", () => {
    if (!outgoing.writableFinished) left.abort();
  });
  const found = match(routes, new URL(incoming.url ?? "/", "http://localhost").pathname);
  const handler = found?.route.handlers[incoming.method as Method];
  if (found === null || handler === undefined) {
    outgoing.writeHead(found === null ? 404 : 405).end();
    return;
  }
  const response = await handler(toRequest(incoming, left.signal), {
    params: Promise.resolve(found.params),
  });
  const headers: Record<string, string | string[]> = Object.fromEntries(response.headers);
  headers["set-cookie"] = response.headers.getSetCookie();
  // What is left of a refused body would otherwise be read as the next request.
  if (!incoming.complete) headers["connection"] = "close";
  outgoing.writeHead(response.status, headers);
  if (response.body === null) outgoing.end();
  else {
    outgoing.flushHeaders();
    await pipeline(Readable.fromWeb(response.body as never), outgoing).catch(() => undefined);
  }
}

export interface RouteServer {
  readonly origin: string;
  readonly routes: readonly AppRoute[];
  /** What went wrong outside every handler; must stay empty. */
  readonly crashes: readonly unknown[];
  close(): Promise<void>;
}

/** The real route modules behind a plain Node server: real sockets and headers, without the time that a Next build takes. */
export async function startRouteServer(): Promise<RouteServer> {
  const routes = await findRoutes();
  const crashes: unknown[] = [];
  const server = createServer((incoming, outgoing) => {
    answer(routes, incoming, outgoing).catch((error: unknown) => {
      crashes.push(error);
      outgoing.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    routes,
    crashes,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

export interface RawResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** `fetch` writes the Host header itself, so a request that names another host goes over a bare client. */
export async function requestWithHost(
  origin: string,
  sent: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
  },
): Promise<RawResponse> {
  const { hostname, port } = new URL(origin);
  const { method, path, headers } = sent;
  const outgoing = request({ hostname, port, method, path, headers, setHost: false });
  outgoing.end(sent.body === undefined ? undefined : JSON.stringify(sent.body));
  const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const received = new Headers();
  for (let index = 0; index < incoming.rawHeaders.length; index += 2)
    received.append(incoming.rawHeaders[index]!, incoming.rawHeaders[index + 1]!);
  return {
    status: incoming.statusCode ?? 0,
    headers: received,
    text: Buffer.concat(parts).toString("utf8"),
  };
}
