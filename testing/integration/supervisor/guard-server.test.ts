import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { get as getSecurely } from "node:https";
import { connect, type Socket } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const guard = join(root, "embedded/supervisor/guard-server.mjs");

/** Any server of Node's, as Next makes one: answers with the headers it was given. */
const program = `
  const http = require("node:http");
  const server = http.createServer((request, response) => {
    const token = Reflect.get(globalThis, Symbol.for("drover.peer-token"));
    const [given, peer] = (request.headers["x-drover-peer"] ?? "").split(" ");
    response.end(JSON.stringify({ trusted: given === token, peer, scheme: request.headers["x-forwarded-proto"] ?? "http" }));
  });
  server.listen(0, process.argv[1] ?? "127.0.0.1", () => console.log(server.address().port));
`;

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function start(env: Readonly<Record<string, string>> = {}, host = "127.0.0.1") {
  const child = spawn(process.execPath, ["--import", guard, "-e", program, host], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  stops.push(() => child.kill("SIGKILL"));
  const [bytes] = (await once(child.stdout, "data")) as [Buffer];
  return { port: Number(bytes.toString()), signal: child.kill.bind(child) };
}

/** What a browser on this machine gets that asks `host` for `path` over plain HTTP. */
const plainly = async (port: number, host: string, path: string): Promise<string> => {
  const socket = connect(port, "127.0.0.1");
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return answer.toString();
};

const slowly = (port: number): Socket => {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write("GET / HTTP/1.1\r\nHost: x\r\n");
  const timer = setInterval(() => socket.write("a"), 1_000);
  socket.once("close", () => {
    clearInterval(timer);
  });
  return socket;
};

describe("the guard before the app's server", () => {
  it("closes 500 sockets that send a byte a second within 15 s, and answers others meanwhile", async () => {
    const { port } = await start();
    const startedAt = performance.now();
    const sockets = Array.from({ length: 500 }, () => slowly(port));
    const closed = Promise.all(
      sockets.map((socket) => new Promise((resolve) => socket.once("close", resolve))),
    );
    for (let count = 0; count < 20; count += 1) {
      const response = await fetch(`http://127.0.0.1:${String(port)}/`);
      expect(response.status).toBe(200);
      await response.body?.cancel();
    }
    await closed;
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  }, 30_000);

  it("answers all of 100 people behind one address who come in the same moment", async () => {
    const { port, signal } = await start();
    signal("SIGSTOP");
    const statuses = Array.from({ length: 100 }, async () => {
      const socket = connect(port, "127.0.0.1");
      socket.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      const [answer] = (await once(socket, "data")) as [Buffer];
      return answer.toString().slice(0, 12);
    });
    signal("SIGCONT");
    expect(new Set(await Promise.all(statuses))).toEqual(new Set(["HTTP/1.1 200"]));
  });

  it("states the connection's own address, whatever the client writes", async () => {
    const { port } = await start();
    const response = await fetch(`http://127.0.0.1:${String(port)}/`, {
      headers: { "x-drover-peer": "forged 203.0.113.9" },
    });
    expect(await response.json()).toEqual({ trusted: true, peer: "127.0.0.1", scheme: "http" });
  });

  it("refuses a target that names another host", async () => {
    const { port } = await start();
    const socket = connect(port, "127.0.0.1");
    socket.write("GET http://evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n");
    const [answer] = (await once(socket, "data")) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /u);
  });

  it("encrypts with a certificate, keeps plain HTTP for this machine, and sends the rest to HTTPS", async ({
    skip,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), "drover-tls-"));
    stops.push(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=localhost", "-days", "1"];
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, ...subject],
      { stdio: "ignore" },
    );
    const { port } = await start(
      {
        DROVER_TLS_CERT: cert,
        DROVER_TLS_KEY: key,
        DROVER_PUBLIC_ORIGIN: "https://drover.example.org",
      },
      "0.0.0.0",
    );
    const secured = await new Promise<string>((resolve, reject) => {
      getSecurely(
        `https://127.0.0.1:${String(port)}/`,
        { rejectUnauthorized: false },
        (response) => {
          let text = "";
          response.on("data", (part: Buffer) => (text += part.toString()));
          response.on("end", () => {
            resolve(text);
          });
        },
      ).on("error", reject);
    });
    expect(JSON.parse(secured)).toEqual({ trusted: true, peer: "127.0.0.1", scheme: "https" });
    const plain = await fetch(`http://127.0.0.1:${String(port)}/`);
    expect(await plain.json()).toMatchObject({ scheme: "http" });
    expect(await plainly(port, "drover.example.org", "/c/1")).toMatch(
      /^HTTP\/1\.1 307 [^]*Location: https:\/\/drover\.example\.org\/c\/1\r\n/u,
    );

    const outside = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .find(({ family, internal }) => family === "IPv4" && !internal);
    // Said, not passed over: in CI nothing may be skipped.
    if (outside === undefined) return skip("this machine has no address but its own");
    const sent = await fetch(`http://${outside.address}:${String(port)}/`, { redirect: "manual" });
    expect([sent.status, sent.headers.get("location")]).toEqual([
      307,
      "https://drover.example.org/",
    ]);
  });
});
