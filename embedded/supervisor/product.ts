import { existsSync, readFileSync, statfsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../lib/config.ts";
import { acquireLock, type HeldLock } from "../database/exclusive-lock.mjs";
import { buildIfChanged } from "./build.ts";
import { freePort } from "./free-port.ts";
import { installWeights } from "./install-weights.ts";
import { refuseMoved } from "./moved-mark.ts";
import { offerOllama } from "./offer-ollama.ts";
import { hostInUrl, planProduct, root } from "./product-parts.ts";
import { setupFailure } from "./setup-failure.ts";
import { endOrphans } from "./state-file.ts";
import { createSupervisor, type Supervisor } from "./supervisor.ts";

export interface ProductOptions {
  readonly config: Config;
  /** Next's development server instead of the built app. */
  readonly dev: boolean;
  readonly say: (sentence: string) => void;
  readonly signal: AbortSignal;
  /** Told as soon as there is something to kill. */
  readonly onSupervisor: (supervisor: Supervisor) => void;
}

const firstNodePort = 11_500;
const patienceMs = 10_000;
const leastFreeBytes = 200_000_000;

/** Everything between the command and the address on the screen. */
export async function startProduct(
  options: ProductOptions,
): Promise<{ readonly stop: () => Promise<void> }> {
  const { config } = options;
  const lock = await lockDataFolder(config);
  try {
    return await startLocked(options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function lockDataFolder(config: Config): Promise<HeldLock> {
  const lock = await acquireLock(config.dataDir, "supervisor").catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw setupFailure(
      `Drover cannot write into ${config.dataDir} (${reason}). Give your user that folder, or set DROVER_DATA_DIR to another.`,
      error,
    );
  });
  if (lock.holder === undefined) return lock;
  const address = lock.holder.info["address"];
  const where = address === undefined ? "and still starting" : `at ${address}`;
  throw setupFailure(
    `Drover is already running ${where} (process ${String(lock.holder.pid)}). Stop that one first.`,
  );
}

async function startLocked(
  options: ProductOptions,
  lock: HeldLock,
): Promise<{ readonly stop: () => Promise<void> }> {
  const { config, say, signal } = options;
  const beganAtMs = Date.now();
  refuseMoved(config);
  refuseFullDisk(config.dataDir);
  const orphans = await endOrphans(config.dataDir);
  if (orphans.length > 0) say(`Ended what an earlier crash left running: ${orphans.join(", ")}.`);
  const embeddedNodes =
    config.ollamaNodes.length === 0 && config.discovery === undefined ? config.embeddedNodes : 0;
  if (embeddedNodes > 0) {
    await offerOllama(config, say);
    await installWeights(config, say, signal);
  }
  if (!options.dev) await build(say, signal);
  const port = await freePort(config.host, config.port);
  if (port !== config.port) say(`Port ${String(config.port)} is taken; using ${String(port)}.`);
  const plan = planProduct({
    config,
    port,
    nodePorts: await nodePorts(embeddedNodes),
    dev: options.dev,
  });
  const supervisor = createSupervisor({
    dataDir: config.dataDir,
    parts: plan.parts,
    databaseUrl: plan.embeddedDatabaseUrl,
    report: say,
  });
  options.onSupervisor(supervisor);
  await startPatiently(supervisor, say, signal);
  const address = `http://${hostInUrl(config.host)}:${String(port)}`;
  supervisor.publishAddress(address);
  lock.publish({ address });
  greet(config, address, beganAtMs, say);
  return {
    stop: async () => {
      await supervisor.stop();
      lock.release();
    },
  };
}

/** Names what is not running yet, so that nobody waits before a silent terminal. */
async function startPatiently(
  supervisor: Supervisor,
  say: (sentence: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const ticking = setInterval(() => {
    const late = supervisor.parts().filter(({ status }) => status !== "running");
    say(`  still starting: ${late.map(({ name }) => name).join(", ")}`);
  }, patienceMs);
  try {
    await supervisor.start(signal);
  } finally {
    clearInterval(ticking);
  }
}

function refuseFullDisk(dataDir: string): void {
  const { bavail, bsize } = statfsSync(dataDir);
  if (bavail * bsize >= leastFreeBytes) return;
  const free = String(Math.floor((bavail * bsize) / 1e6));
  throw setupFailure(
    `The disk that holds ${dataDir} has only ${free} MB left. Free at least 200 MB, then run npm start again.`,
  );
}

async function build(say: (sentence: string) => void, signal: AbortSignal): Promise<void> {
  const beganAtMs = Date.now();
  const hint = setTimeout(() => {
    say("Building the app (half a minute to two) …");
  }, 500);
  try {
    const built = await buildIfChanged(root, signal);
    if (built) say(`Built the app in ${secondsSince(beganAtMs)} s.`);
  } finally {
    clearTimeout(hint);
  }
}

async function nodePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  for (let next = firstNodePort; ports.length < count; next = (ports.at(-1) ?? next) + 1) {
    ports.push(await freePort("127.0.0.1", next));
  }
  return ports;
}

const secondsSince = (ms: number): string => ((Date.now() - ms) / 1000).toFixed(1);

function greet(
  config: Config,
  address: string,
  beganAtMs: number,
  say: (sentence: string) => void,
): void {
  say(`Drover is ready at ${address} (${secondsSince(beganAtMs)} s). Ctrl-C stops it.`);
  const link = join(config.dataDir, "setup-link");
  if (existsSync(link)) {
    say(`Set it up with this link, which works once: ${readFileSync(link, "utf8").trim()}`);
  }
}
