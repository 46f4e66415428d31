import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const program = process.env["REDIS_SERVER_PATH"] ?? "redis-server";

/** Without the program the suites that need it count as skipped. */
export const hasRedis = spawnSync(program, ["--version"]).status === 0;

export interface RedisServer {
  readonly url: string;
  /** Sends a signal: SIGSTOP hangs it, SIGCONT lets it go on. */
  signal(name: NodeJS.Signals): void;
  /** Ends it at once; `restart` starts another one on the same port, empty. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** A real Redis of the caller's own on loopback that keeps nothing on disk. */
export async function startRedis(...options: readonly string[]): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), "drover-redis-"));
  const port = await freePort();
  const args = [
    ...["--bind", "127.0.0.1", "--port", String(port), "--dir", folder],
    ...["--save", "", "--appendonly", "no", ...options],
  ];
  const start = async () => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(child, "close");
    for await (const line of createInterface({ input: child.stdout }))
      if (line.includes("Ready to accept connections")) break;
    if (child.exitCode !== null) throw new Error(`redis-server ended: ${String(child.exitCode)}`);
    child.stdout.resume();
    return { child, ended };
  };
  let running = await start();
  const onExit = (): void => void running.child.kill("SIGKILL");
  process.once("exit", onExit);
  const kill = async (): Promise<void> => {
    running.child.kill("SIGKILL");
    await running.ended;
  };
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    signal: (name) => void running.child.kill(name),
    kill,
    async restart() {
      running = await start();
    },
    async close() {
      process.off("exit", onExit);
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
