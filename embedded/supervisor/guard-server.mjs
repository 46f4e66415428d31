// Loaded before the app, whose server knows none of this: times for headers, room for slow clients, the client's own address, and TLS
// where a certificate is configured. No dependencies.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import tls from "node:tls";

const headersTimeoutMs = 10_000;
const checkEveryMs = 2_000;
const mostConnections = 4_000;
/** Connections of one address that have not sent a whole request yet; an honest browser's leave this state in milliseconds. */
const mostUndecided = 20;
/** Many people behind one address come at the same moment, as when a proxy is back: no request is judged before it could be read. */
const graceMs = 500;
/** So many are too many even for a moment. */
const mostUndecidedAtOnce = 1_000;
const handshakeTimeoutMs = 10_000;
const tlsHandshakeByte = 0x16;

/** Shared with lib/http: a client that writes the header itself does not know it. */
const token = randomBytes(16).toString("hex");
Reflect.set(globalThis, Symbol.for("drover.peer-token"), token);

/** Makes room by closing the oldest of an address, never the newest: a flood pushes itself out. */
function createUndecided() {
  /** @type {Map<string, Map<import("node:net").Socket, NodeJS.Timeout | undefined>>} */
  const byAddress = new Map();
  return {
    /** @param {import("node:net").Socket} socket */
    add(socket) {
      const address = socket.remoteAddress ?? "";
      const sockets = byAddress.get(address) ?? new Map();
      byAddress.set(address, sockets);
      socket.once("close", () => this.remove(socket, address));
      const closeOldest = (most) => {
        if (!sockets.has(socket) || sockets.size <= most) return;
        const [oldest] = sockets.keys();
        this.remove(oldest, address);
        oldest.destroy();
      };
      // What came in while the program was busy is read before the immediate.
      const judge = () => setImmediate(closeOldest, mostUndecided);
      const isCrowded = sockets.size >= mostUndecided;
      sockets.set(socket, isCrowded ? setTimeout(judge, graceMs).unref() : undefined);
      closeOldest(mostUndecidedAtOnce);
    },
    /**
     * @param {import("node:net").Socket} socket
     * @param {string} address
     */
    remove(socket, address = socket.remoteAddress ?? "") {
      const sockets = byAddress.get(address);
      clearTimeout(sockets?.get(socket));
      sockets?.delete(socket);
      if (sockets?.size === 0) byAddress.delete(address);
    },
  };
}

const isLoopback = (address = "") => /^(::ffff:)?127\.|^::1$/.test(address);

/** @param {import("node:http").IncomingMessage} request */
function noteAddress(request) {
  const address = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  request.headers["x-drover-peer"] = `${token} ${address}`;
  // Whether the way to this program was encrypted is no client's to say; a proxy's word counts where one is configured.
  if ("encrypted" in request.socket) request.headers["x-forwarded-proto"] = "https";
}

/**
 * A target that is a whole address is meant for a proxy. The framework would send the asker on to whatever host it names.
 * @param {import("node:http").IncomingMessage} request
 */
const isForThisServer = ({ url = "" }) => url.startsWith("/") || url === "*";

/** For now: what a browser keeps for ever would lock it out of an operator who goes back to plain HTTP. */
const redirect = (host, path = "/") =>
  `HTTP/1.1 307 Temporary Redirect\r\nLocation: https://${host}${path}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;

/**
 * Somebody on this machine who left out the `s` of the address that is encrypted for everybody else.
 * @param {import("node:http").IncomingMessage} request
 * @param {string} host
 */
const lacksEncryption = ({ socket, headers }, host) =>
  !("encrypted" in socket) && headers.host === host;

/**
 * TLS and plain HTTP on one port, told apart by their first byte: plain is for this machine's own health checks, everyone else is
 * sent to HTTPS.
 * @param {import("node:http").Server} server
 * @param {{ cert: string, key: string, origin: string }} given paths, and where browsers go
 */
function withTls(server, given) {
  const secure = tls.createServer(
    {
      cert: readFileSync(given.cert),
      key: readFileSync(given.key),
      minVersion: "TLSv1.2",
      ALPNProtocols: ["http/1.1"],
      handshakeTimeout: handshakeTimeoutMs,
    },
    (socket) => server.emit("connection", socket),
  );
  secure.on("tlsClientError", (_, socket) => socket.destroy());
  const front = net.createServer((socket) => {
    socket.setTimeout(handshakeTimeoutMs, () => socket.destroy());
    socket.on("error", () => socket.destroy());
    socket.once("data", (first) => {
      socket.setTimeout(0);
      socket.pause();
      socket.unshift(first);
      // Only once its new reader is in place.
      process.nextTick(() => socket.resume());
      if (first[0] === tlsHandshakeByte) secure.emit("connection", socket);
      else if (isLoopback(socket.remoteAddress)) server.emit("connection", socket);
      else socket.end(redirect(new URL(given.origin).host));
    });
  });
  front.maxConnections = mostConnections;
  front.on("error", (error) => server.emit("error", error));
  server.listen = (...args) => {
    front.listen(...args.filter((value) => typeof value !== "function"), () => {
      server.emit("listening");
      args.find((value) => typeof value === "function")?.();
    });
    return server;
  };
  server.address = () => front.address();
  const closeServer = server.close.bind(server);
  server.close = (done) => {
    front.close();
    return closeServer(done);
  };
}

const createServer = http.createServer;
http.createServer = (...args) => {
  const { DROVER_TLS_CERT: cert, DROVER_TLS_KEY: key, DROVER_PUBLIC_ORIGIN: origin } = process.env;
  const securedHost = cert && key && origin ? new URL(origin).host : null;
  const [options, listener] = typeof args[0] === "function" ? [{}, args[0]] : args;
  const undecided = createUndecided();
  const server = createServer(
    { ...options, headersTimeout: headersTimeoutMs, connectionsCheckingInterval: checkEveryMs },
    (request, response) => {
      undecided.remove(request.socket);
      if (!isForThisServer(request)) {
        response.writeHead(400, { connection: "close" }).end();
        return;
      }
      if (securedHost !== null && lacksEncryption(request, securedHost)) {
        request.socket.end(redirect(securedHost, request.url));
        return;
      }
      noteAddress(request);
      listener?.(request, response);
    },
  );
  server.maxConnections = mostConnections;
  server.on("connection", (socket) => undecided.add(socket));
  if (cert && key && origin) withTls(server, { cert, key, origin });
  return server;
};
