import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const blocker = fileURLToPath(new URL("no-network.ts", import.meta.url));

/** Every way out of the process, tried one after the other. */
const probe = (port: number, blocked: boolean): string => `
import { removeNetwork } from ${JSON.stringify(blocker)};
import dgram from "node:dgram";
import dns from "node:dns";
import http from "node:http";
import net from "node:net";
import tls from "node:tls";
${blocked ? "removeNetwork();" : ""}
const port = ${String(port)};
const ways = {
  fetch: () => fetch("http://127.0.0.1:" + port),
  net: () => new Promise((done, fail) => net.connect(port, "127.0.0.1", done).on("error", fail)),
  http: () => new Promise((done, fail) => http.get({ port, host: "127.0.0.1", timeout: 300 }).on("timeout", done).on("error", fail)),
  tls: () => new Promise((done, fail) => { const s = tls.connect({ port, host: "127.0.0.1" }); s.on("connect", done).on("error", fail); setTimeout(done, 300); }),
  dns: () => new Promise((done, fail) => dns.lookup("localhost", (e) => (e ? fail(e) : done()))),
  promises: () => dns.promises.lookup("localhost"),
  udp: () => new Promise((done, fail) => dgram.createSocket("udp4").send("x", port, "127.0.0.1", (e) => (e ? fail(e) : done()))),
  listen: () => new Promise((done, fail) => net.createServer().on("error", fail).listen(0, done)),
};
const open = [];
for (const [name, go] of Object.entries(ways)) {
  try {
    await Promise.race([go(), new Promise((done) => setTimeout(done, 400))]);
    open.push(name);
  } catch {}
}
console.log(JSON.stringify(open));
process.exit(0);
`;

describe("removeNetwork", () => {
  let folder: string;
  let server: Server;
  let connections = 0;
  let port = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "drover-network-"));
    server = createServer((socket) => {
      connections += 1;
      socket.on("error", () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
  });
  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const openWays = async (blocked: boolean): Promise<string[]> => {
    const path = join(folder, `${String(blocked)}.mjs`);
    await writeFile(path, probe(port, blocked));
    const { stdout } = await run(process.execPath, [path]);
    return JSON.parse(stdout) as string[];
  };

  it("leaves no way out of the process", async () => {
    expect(await openWays(true)).toEqual([]);
    expect(connections).toBe(0);
  });

  it("is what closes them: without it the same calls get through", async () => {
    expect(await openWays(false)).toEqual(
      expect.arrayContaining(["net", "http", "tls", "dns", "udp", "listen"]),
    );
    expect(connections).toBeGreaterThan(0);
  });
});
