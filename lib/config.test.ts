import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { configVariables, misspeltVariables, parseConfig, type Environment } from "./config.ts";
import { isAppError } from "./core/errors/app-error.ts";

function faultsOf(env: Environment): readonly string[] {
  try {
    parseConfig(env, "/srv/drover");
  } catch (error) {
    if (isAppError(error, "config_invalid")) return error.details.faults;
    throw error;
  }
  return [];
}

describe("parseConfig", () => {
  it("needs nothing set", () => {
    const config = parseConfig({}, "/srv/drover");
    expect(config).toMatchObject({
      host: "127.0.0.1",
      port: 3000,
      dataDir: "/srv/drover/.drover",
      modelsDir: "/srv/drover/.drover/models",
      secretFile: "/srv/drover/.drover/secret",
      databaseUrl: undefined,
      ollamaNodes: [],
      role: "all",
    });
    expect(config.embeddedNodes).toBeGreaterThanOrEqual(2);
  });

  it("treats an empty value as unset", () => {
    expect(parseConfig({ DROVER_PORT: "", DATABASE_URL: "  " }).port).toBe(3000);
  });

  it("reads nodes with slots, weight and id", () => {
    const nodes = "http://a:11434?slots=2&weight=1.5&id=first, https://b.example.org/ollama/";
    expect(parseConfig({ OLLAMA_NODES: nodes }).ollamaNodes).toEqual([
      { id: "first", baseUrl: "http://a:11434", slots: 2, weight: 1.5 },
      { id: "b.example.org", baseUrl: "https://b.example.org/ollama", slots: 1, weight: 1 },
    ]);
  });

  it("names every fault at once, each with its variable", () => {
    const faults = faultsOf({
      DROVER_PORT: "80000",
      DROVER_ROLE: "boss",
      DATABASE_URL: "mysql://x:secret@y/z",
      OLLAMA_NODES: "ftp://a,http://b?slot=1,http://c?slots=0,http://d?id=e,http://f?id=e",
      DROVER_PUBLIC_ORIGIN: "https://a.example.org/path",
      DROVER_PROT: "1",
      DROVER_SOMETHING_ENTIRELY_ELSE: "1",
    });
    expect(faults.map((fault) => fault.split(":")[0]).sort()).toEqual([
      "DATABASE_URL",
      "DROVER_PORT",
      "DROVER_PROT",
      "DROVER_PUBLIC_ORIGIN",
      "DROVER_ROLE",
      "DROVER_SOMETHING_ENTIRELY_ELSE",
      "OLLAMA_NODES",
      "OLLAMA_NODES",
      "OLLAMA_NODES",
      "OLLAMA_NODES",
    ]);
    expect(faults.find((fault) => fault.startsWith("DROVER_PROT"))).toContain("DROVER_PORT?");
  });

  it("names variables without its prefix that look like its own, and leaves others alone", () => {
    const misspelt = misspeltVariables({
      ...{ OLLAMA_NODE: "http://a", DATABASE_URI: "x", Redis_Url: "x", OLLAMA_DISCOVER: "x" },
      // Its own, Ollama's and other programs'.
      ...{ OLLAMA_NODES: "http://a", OLLAMA_HOST: "x", OLLAMA_MODELS: "x", OLLAMA_DEBUG: "1" },
      ...{ PATH: "x", HOME: "x", OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "x", DB_URL: "x" },
    });
    expect(misspelt.map((sentence) => sentence.split(":")[0])).toEqual([
      ...["OLLAMA_NODE", "DATABASE_URI", "Redis_Url", "OLLAMA_DISCOVER"],
    ]);
    expect(misspelt[0]).toContain("Did you mean OLLAMA_NODES?");
    expect(misspelt.join()).not.toContain("http://a");
  });

  it("never repeats a password in a fault", () => {
    expect(faultsOf({ DATABASE_URL: "mysql://x:hunter2@y/z" }).join()).not.toContain("hunter2");
  });

  it.each(["0", "-1", "1.5", "3000x", "65536"])("refuses port %s", (port) => {
    expect(faultsOf({ DROVER_PORT: port })).toHaveLength(1);
  });
});

describe(".env.example", () => {
  const text = readFileSync(new URL("../.env.example", import.meta.url), "utf8");
  const named = [...text.matchAll(/^# ([A-Z_]+)=(.*)$/gm)];

  it("lists every variable of the schema and no other", () => {
    expect(named.map(([, name]) => name).sort()).toEqual([...configVariables].sort());
  });

  it("is valid when every line is switched on", () => {
    const env = Object.fromEntries(named.map(([, name, value]) => [name ?? "", value]));
    expect(faultsOf(env)).toEqual([]);
  });
});
