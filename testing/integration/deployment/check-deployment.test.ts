import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startFakeOllama, type FakeOllama } from "#testing/fakes/fake-ollama/server.ts";
import { startTestDatabase, type TestDatabase } from "#testing/services/test-database.ts";
import {
  startEmbeddedNode,
  type RunningNode,
} from "#testing/integration/embedded-node/start-embedded-node.ts";
import { repository } from "./compose-file.ts";

interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** Answers as a Redis 7 does to what the check asks, recorded from one. */
const startRedis = async (policy: string): Promise<Server> => {
  const bulk = (text: string): string => `$${String(text.length)}\r\n${text}\r\n`;
  const server = createServer((socket) => {
    socket.on("data", (bytes) => {
      const asked = bytes.toString();
      if (asked.includes("AUTH"))
        socket.write(asked.includes("right") ? "+OK\r\n" : "-WRONGPASS invalid\r\n");
      else if (asked.includes("server")) {
        // In two pieces, as a network may bring it.
        const text = bulk("# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\n");
        socket.write(text.slice(0, 20));
        setImmediate(() => socket.write(text.slice(20)));
      } else socket.write(bulk(`# Memory\r\nused_memory:1\r\nmaxmemory_policy:${policy}\r\n`));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
};

const portOf = (server: Server): string => String((server.address() as AddressInfo).port);

describe("npm run check:deployment", { timeout: 240_000 }, () => {
  let database: TestDatabase;
  let dataDir: string;
  beforeAll(async () => {
    database = await startTestDatabase();
    dataDir = await mkdtemp(join(tmpdir(), "drover-check-"));
  });
  afterAll(async () => {
    await database.close();
    await rm(dataDir, { recursive: true });
  });

  const run = async (env: Readonly<Record<string, string>>): Promise<Run> => {
    const command = join(repository, "embedded/supervisor/run-command.ts");
    const args = [command, "--nodes", "lib/commands/check-deployment.ts"];
    const child = spawn(process.execPath, args, {
      cwd: repository,
      env: { ...process.env, DATABASE_URL: database.url, DROVER_DATA_DIR: dataDir, ...env },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    const code = await new Promise<number | null>((done) => child.once("close", done));
    return { code, output };
  };

  const count = async (table: string): Promise<number> => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
    await client.end();
    return rows[0]?.n ?? -1;
  };

  describe("over nodes that work", () => {
    let nodes: readonly RunningNode[];
    beforeAll(async () => {
      nodes = [await startEmbeddedNode("--id", "a"), await startEmbeddedNode("--id", "b")];
    });
    afterAll(() => Promise.all(nodes.map((node) => node.stop())));

    it("asks a real question end to end, takes everything away again, and ends with 0", async () => {
      const redis = await startRedis("noeviction");
      const before = await count("workspaces");
      const list = nodes.map(({ url }, at) => `${url}?id=n${String(at)}`).join(",");
      const { code, output } = await run({
        OLLAMA_NODES: list,
        OLLAMA_NODE: list,
        REDIS_URL: `redis://:right@127.0.0.1:${portOf(redis)}`,
        REDIS_CACHE_URL: "redis://127.0.0.1:9",
      });
      redis.close();
      expect(output).toContain("[ ok ] a question, end to end: a document was read in");
      expect(output).toContain("[ ok ] vector extension: pgvector 0.8.");
      expect(output).toContain("[ ok ] Redis: 7.0.15");
      expect(output).toContain("[WARN] configuration: OLLAMA_NODE: Drover knows no such variable.");
      expect(output).toContain("Did you mean OLLAMA_NODES?");
      // Answers come without it.
      expect(output).toContain("[WARN] Redis for the cache: does not answer");
      expect(output).toContain("[ ok ] model all-minilm: the same on all nodes");
      expect(output).toContain("0 failures");
      expect(code).toBe(0);
      expect(await count("workspaces")).toBe(before);
      for (const table of ["collections", "documents", "chunks"])
        expect(await count(table)).toBe(0);
    });
  });

  describe("over what does not work", () => {
    let fake: FakeOllama;
    beforeAll(async () => {
      fake = await startFakeOllama({});
    });
    afterAll(() => fake.stop());

    it("names every fault with what to do about it, and ends with 1", async () => {
      const redis = await startRedis("allkeys-lru");
      const secret = join(dataDir, "secret");
      await writeFile(secret, "x".repeat(64));
      await chmod(secret, 0o644);
      await writeFile(join(dataDir, "setup-link"), "http://127.0.0.1:3000/setup?token=x");
      const { code, output } = await run({
        OLLAMA_NODES: `${fake.url}?id=fake,http://127.0.0.1:9?id=gone`,
        DROVER_CHAT_MODEL: "llama3.2:3b",
        REDIS_URL: `redis://127.0.0.1:${portOf(redis)}`,
        DROVER_HOST: "0.0.0.0",
      });
      redis.close();
      for (const line of [
        "[FAIL] Redis: may throw data away when its memory is full (allkeys-lru)",
        "[FAIL] node gone: http://127.0.0.1:9 does not answer",
        "[FAIL] node fake, models: llama3.2:3b not installed",
        "ollama pull llama3.2:3b",
        "[WARN] nodes: there is only one",
        "[FAIL] secret: other users of this machine can read it",
        "[WARN] address: Drover listens on 0.0.0.0 without a public address",
        "[WARN] first admin: nobody has set Drover up yet",
      ])
        expect(output).toContain(line);
      expect(code).toBe(1);
    });

    it("says what is wrong with the database or the configuration, and goes no further with the latter", async () => {
      const away = await run({
        DATABASE_URL: "postgres://nobody@127.0.0.1:9/none",
        OLLAMA_NODES: `${fake.url}?id=fake`,
        REDIS_URL: "redis://:wrong@127.0.0.1:9",
      });
      expect(away.output).toContain("[FAIL] database: does not answer");
      expect(away.output).toContain("[FAIL] Redis: does not answer");
      expect(away.output).toContain("[FAIL] a question, end to end: not tried");
      expect(away.code).toBe(1);
      const wrong = await run({ REDIS_URL: "http://x", DROVER_PROT: "1" });
      expect(wrong.output).toContain("REDIS_URL: this is not a Redis address");
      expect(wrong.output).toContain("Did you mean DROVER_PORT?");
      expect(wrong.code).toBe(1);
    });
  });
});
