import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { z } from "zod";
import { editDistance } from "./core/config/edit-distance.ts";
import {
  databaseUrl,
  discovery,
  folderList,
  headerList,
  httpUrl,
  issuer,
  modelName,
  nodeList,
  oneOf,
  origin,
  redisUrl,
  wholeNumber,
} from "./config-values.ts";
import type { ConfiguredDiscovery, ConfiguredNode } from "./core/config/node-addresses.ts";
import {
  certificateOf,
  type ConfiguredIdentityProvider,
  identityProviderOf,
  openingFaults,
  proxyHopsOf,
} from "./core/config/opening.ts";
import { AppError } from "./core/errors/app-error.ts";

export type { ConfiguredDiscovery, ConfiguredNode };

export interface ConfiguredTraces {
  /** Without `/v1/traces` and without a trailing slash. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Config {
  readonly host: string;
  readonly port: number;
  /** Absolute path. */
  readonly dataDir: string;
  /** Where browsers reach Drover when a proxy stands before it; undefined = the listening address. */
  readonly publicOrigin: string | undefined;
  /** Proxies before Drover whose `X-Forwarded-For` is believed; 0 = browsers connect to Drover itself. */
  readonly proxyHops: number;
  /** Certificate and key, absolute paths; `null`: a proxy encrypts, or nobody does. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly role: "web" | "worker" | "all";
  /** Undefined = the embedded database. */
  readonly databaseUrl: string | undefined;
  /** Undefined = everything in this process. Nothing but `check:deployment` uses it yet. */
  readonly redisUrl: string | undefined;
  /** A Redis that may evict, for the cache; undefined = memory and database alone. */
  readonly redisCacheUrl: string | undefined;
  /** Empty = the embedded nodes. */
  readonly ollamaNodes: readonly ConfiguredNode[];
  /** Where the name service is asked for nodes; undefined = it is not. */
  readonly discovery: ConfiguredDiscovery | undefined;
  /** Where traces go; undefined = nowhere. */
  readonly traces: ConfiguredTraces | undefined;
  /** Opens /metrics to who shows it; undefined = there is no such page. */
  readonly metricsToken: string | undefined;
  readonly embeddedNodes: number;
  readonly chatModel: string;
  readonly embedModel: string;
  /** Address of a model library to install weights from; undefined = the installer's own choice. */
  readonly modelLibrary: string | undefined;
  readonly modelsDir: string;
  readonly secretFile: string;
  /** Absolute paths of folders below which collections may follow folders; empty = none. */
  readonly syncFolders: readonly string[];
  /** `null`: people sign in with passwords only. */
  readonly identityProvider: ConfiguredIdentityProvider | null;
  readonly logLevel: "debug" | "info" | "warn" | "error";
}

export type Environment = Readonly<Record<string, string | undefined>>;

const schema = z.object({
  DROVER_HOST: z
    .string()
    .regex(/^[\w.:-]+$/, "this is not a host. Use an address such as 127.0.0.1.")
    .default("127.0.0.1"),
  DROVER_PORT: wholeNumber(1, 65_535, 3000),
  DROVER_DATA_DIR: z.string().default(".drover"),
  DROVER_PUBLIC_ORIGIN: origin,
  DROVER_PROXY_HOPS: wholeNumber(0, 10, -1),
  DROVER_TLS_CERT: z.string().optional(),
  DROVER_TLS_KEY: z.string().optional(),
  DROVER_ROLE: oneOf(["web", "worker", "all"]).default("all"),
  DATABASE_URL: databaseUrl,
  REDIS_URL: redisUrl,
  REDIS_CACHE_URL: redisUrl,
  OLLAMA_NODES: nodeList,
  OLLAMA_DISCOVERY: discovery,
  DROVER_EMBEDDED_NODES: wholeNumber(1, 16, 0),
  DROVER_CHAT_MODEL: modelName("smollm2:135m"),
  DROVER_EMBED_MODEL: modelName("all-minilm"),
  DROVER_MODEL_LIBRARY: httpUrl,
  DROVER_MODELS_DIR: z.string().optional(),
  DROVER_SECRET_FILE: z.string().optional(),
  DROVER_SYNC_FOLDERS: folderList,
  DROVER_OIDC_ISSUER: issuer,
  DROVER_OIDC_CLIENT_ID: z.string().max(500).optional(),
  DROVER_OIDC_CLIENT_SECRET: z.string().max(2_000).optional(),
  DROVER_OIDC_NAME: z.string().max(60).default("your organisation"),
  DROVER_METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, "this is too short. Use at least 16 characters without spaces.")
    .optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl,
  OTEL_EXPORTER_OTLP_HEADERS: headerList,
  DROVER_LOG_LEVEL: oneOf(["debug", "info", "warn", "error"]).default("info"),
});

/** Every variable that Drover reads. */
export const configVariables: readonly string[] = Object.keys(schema.shape);

function unknownVariableFault(name: string): string {
  const nearest = configVariables
    .map((known) => ({ known, distance: editDistance(name, known) }))
    .sort((one, other) => one.distance - other.distance)[0];
  const hint =
    nearest !== undefined && nearest.distance <= 4
      ? ` Did you mean ${nearest.known}?`
      : " Remove it, or see .env.example for those that exist.";
  return `${name}: Drover knows no such variable.${hint}`;
}

/** Ollama's own, beside which ours could be mistaken for a slip. */
const foreignVariables = ["OLLAMA_MODELS"];
const mostSlips = 2;

/**
 * Variables without Drover's prefix that look like one of its own, a sentence each. Others may mean something by them, so they are no
 * faults of the configuration.
 */
export function misspeltVariables(env: Environment): readonly string[] {
  return Object.keys(env)
    .filter((name) => !name.startsWith("DROVER_") && !foreignVariables.includes(name))
    .flatMap((name) => {
      const meant = configVariables.find(
        (known) =>
          !known.startsWith("DROVER_") && editDistance(name.toUpperCase(), known) <= mostSlips,
      );
      return meant === undefined || meant === name
        ? []
        : [`${name}: Drover knows no such variable. Did you mean ${meant}?`];
    });
}

/**
 * Reads the whole configuration from `env`; an empty value counts as unset.
 * @throws AppError `config_invalid` that names every fault at once, one sentence each.
 */
export function parseConfig(env: Environment, workingDir: string = process.cwd()): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ""),
  );
  const parsed = schema.safeParse(given);
  const faults = Object.keys(given)
    .filter((name) => name.startsWith("DROVER_") && !configVariables.includes(name))
    .map(unknownVariableFault);
  if (!parsed.success) {
    faults.push(
      ...parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`),
    );
  }
  if (parsed.success) faults.push(...openingFaults(parsed.data));
  if (!parsed.success || faults.length > 0) throw new AppError("config_invalid", { faults });
  return toConfig(parsed.data, workingDir);
}

function toConfig(values: z.output<typeof schema>, workingDir: string): Config {
  const dataDir = resolve(workingDir, values.DROVER_DATA_DIR);
  return {
    host: values.DROVER_HOST,
    port: values.DROVER_PORT,
    dataDir,
    publicOrigin: values.DROVER_PUBLIC_ORIGIN,
    proxyHops: proxyHopsOf(values),
    tls: certificateOf(values, (path) => resolve(workingDir, path)),
    role: values.DROVER_ROLE,
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    redisCacheUrl: values.REDIS_CACHE_URL,
    ollamaNodes: values.OLLAMA_NODES,
    discovery: values.OLLAMA_DISCOVERY,
    traces:
      values.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? undefined
        : {
            endpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
            headers: values.OTEL_EXPORTER_OTLP_HEADERS,
          },
    metricsToken: values.DROVER_METRICS_TOKEN,
    embeddedNodes: values.DROVER_EMBEDDED_NODES || (availableParallelism() <= 4 ? 2 : 4),
    chatModel: values.DROVER_CHAT_MODEL,
    embedModel: values.DROVER_EMBED_MODEL,
    modelLibrary: values.DROVER_MODEL_LIBRARY,
    modelsDir: resolve(workingDir, values.DROVER_MODELS_DIR ?? resolve(dataDir, "models")),
    secretFile: resolve(workingDir, values.DROVER_SECRET_FILE ?? resolve(dataDir, "secret")),
    syncFolders: values.DROVER_SYNC_FOLDERS.map((folder) => resolve(workingDir, folder)),
    identityProvider: identityProviderOf(values),
    logLevel: values.DROVER_LOG_LEVEL,
  };
}
