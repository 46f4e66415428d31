import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Config } from "../../lib/config.ts";
import { databaseUrlOf } from "../database/address.ts";
import { socketFolder } from "../database/exclusive-lock.mjs";
import { askControlSocket, askOverHttp, type HealthCheck } from "./health-watch.ts";
import type { PartSpec } from "./part-spec.ts";
import { pause } from "./pause.ts";
import { preloadModels } from "./preload-models.ts";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const nodeNiceness = 5;
const embedSlots = 1;
const askEveryMs = 100;
const nodePatienceMs = 60_000;
/** A snapshot and migrations of a large database come first. */
const appReadyWithinMs = 1_800_000;
const databaseConnections = 40;
/** Measured on the idle database: 200 MB instead of 240; its work is in WebAssembly, which this does not slow. */
const smallHeap = ["--max-semi-space-size=2", "--v8-pool-size=1"];

/** About 45 s: longer than any of them is silent while it works, a snapshot of a large database and a busy machine included. */
const healthCheck = (ask: HealthCheck["ask"]): HealthCheck => ({
  ask,
  everyMs: 5_000,
  timeoutMs: 10_000,
  patience: 3,
});

export interface ProductPlan {
  readonly parts: readonly PartSpec[];
  /** Null when DATABASE_URL names another database. */
  readonly embeddedDatabaseUrl: string | null;
}

export interface PlanOptions {
  readonly config: Config;
  /** Where the app listens. */
  readonly port: number;
  /** One for each embedded node. */
  readonly nodePorts: readonly number[];
  readonly dev: boolean;
}

const logPath = (config: Config, name: string): string =>
  join(config.dataDir, "logs", `${name}.log`);

/**
 * The programs of this configuration. All start together, the app waits for its database; it stops first, so that what it still
 * has to write finds its database.
 */
export function planProduct(options: PlanOptions): ProductPlan {
  const { config } = options;
  const embeddedDatabaseUrl =
    config.databaseUrl === undefined ? databaseUrlOf(socketFolder(config.dataDir)) : null;
  const databaseUrl = config.databaseUrl ?? embeddedDatabaseUrl ?? "";
  const database = embeddedDatabaseUrl === null ? [] : [databasePart(config)];
  const nodes = options.nodePorts.map((port, index) => nodePart(options, port, index));
  return {
    parts: [...database, ...nodes, appPart(options, databaseUrl)],
    embeddedDatabaseUrl,
  };
}

const databasePart = (config: Config): PartSpec => ({
  name: "database",
  args: () => [
    ...smallHeap,
    join(root, "embedded/database/main.ts"),
    "--data",
    config.dataDir,
    "--max-connections",
    String(databaseConnections),
  ],
  env: {},
  niceness: 0,
  ready: "line",
  health: healthCheck((_, signal) =>
    askControlSocket(join(socketFolder(config.dataDir), "control"), signal),
  ),
  startWave: 0,
  stopWave: 2,
  stopWithinMs: 8_000,
  logPath: logPath(config, "database"),
});

const nodeName = (index: number): string => `node-${String(index + 1)}`;

function nodePart({ config, nodePorts }: PlanOptions, port: number, index: number): PartSpec {
  const threads = Math.max(1, Math.floor(availableParallelism() / nodePorts.length));
  const name = nodeName(index);
  return {
    name,
    args: () => [
      // Measured: 12 MB less when idle, 55 MB less after a long prompt.
      "--max-semi-space-size=2",
      join(root, "embedded/node/main.ts"),
      ...["--port", String(port), "--models", config.modelsDir],
      ...(config.modelLibrary === undefined ? [] : ["--library", config.modelLibrary]),
      ...["--threads", String(threads), "--parallel", String(embedSlots), "--id", name],
    ],
    env: {},
    niceness: nodeNiceness,
    ready: "line",
    prepare: (_, signal) =>
      preloadModels({
        baseUrl: `http://127.0.0.1:${String(port)}`,
        chatModel: config.chatModel,
        embedModel: config.embedModel,
        signal,
      }),
    health: healthCheck((_, signal) =>
      askOverHttp(`http://127.0.0.1:${String(port)}/api/version`, signal),
    ),
    startWave: 0,
    stopWave: 1,
    stopWithinMs: 4_000,
    logPath: logPath(config, name),
  };
}

/** Nodes at these loopback ports, as an operator would write them. */
export const nodeList = (ports: readonly number[]): string =>
  ports
    .map((port, index) => `http://127.0.0.1:${String(port)}?slots=1&id=${nodeName(index)}`)
    .join(",");

function appPart({ config, port, nodePorts, dev }: PlanOptions, databaseUrl: string): PartSpec {
  const probed = config.host === "0.0.0.0" || config.host === "::" ? "127.0.0.1" : config.host;
  const origin = `http://${hostInUrl(probed)}:${String(port)}`;
  return {
    name: "app",
    args: () => [
      // Measured: about 100 MB less when idle, no slower to the evidence.
      "--max-semi-space-size=2",
      // Left alone the engine lets a heap of 75 MB grow to four times what lives in it before it looks through it. Measured with 500
      // people and 50 streams: 375 MB resident in place of 640.
      "--heap-growing-percent=100",
      "--import",
      join(root, "embedded/supervisor/watch-parent.mjs"),
      "--import",
      join(root, "embedded/supervisor/guard-server.mjs"),
      join(root, "node_modules/next/dist/bin/next"),
      dev ? "dev" : "start",
      ...["--hostname", config.host, "--port", String(port)],
    ],
    env: {
      NODE_ENV: dev ? "development" : "production",
      NEXT_MANUAL_SIG_HANDLE: "true",
      NEXT_TELEMETRY_DISABLED: "1",
      DROVER_PORT: String(port),
      DATABASE_URL: databaseUrl,
      ...(nodePorts.length > 0 ? { OLLAMA_NODES: nodeList(nodePorts) } : {}),
    },
    niceness: 0,
    ready: (signal) => untilReady(origin, signal),
    readyWithinMs: appReadyWithinMs,
    // The development server may compile for long.
    ...(dev
      ? {}
      : { health: healthCheck((_, signal) => askOverHttp(`${origin}/healthz`, signal)) }),
    startWave: 0,
    stopWave: 0,
    // Running answers get 25 s to end.
    stopWithinMs: 27_000,
    logPath: logPath(config, "app"),
    showOutput: dev || config.logLevel === "debug",
  };
}

export const hostInUrl = (host: string): string => (host.includes(":") ? `[${host}]` : host);

/** With the models in memory; but when no node gets there the pages must be reachable all the same, for they say why. */
async function untilReady(origin: string, signal: AbortSignal): Promise<void> {
  const patientUntil = performance.now() + nodePatienceMs;
  for (;;) {
    if (await isOk(`${origin}/readyz`, signal)) return;
    if (performance.now() > patientUntil && (await isOk(`${origin}/api/setup`, signal))) return;
    await pause(askEveryMs, signal);
    signal.throwIfAborted();
  }
}

async function isOk(url: string, signal: AbortSignal): Promise<boolean> {
  const answer = await fetch(url, { signal }).catch(() => undefined);
  signal.throwIfAborted();
  await answer?.body?.cancel();
  return answer?.ok === true;
}
