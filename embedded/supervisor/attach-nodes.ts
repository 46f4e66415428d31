import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Config } from "../../lib/config.ts";
import { freePort } from "./free-port.ts";
import { nodeList, planProduct } from "./product-parts.ts";
import { setupFailure } from "./setup-failure.ts";
import { readState } from "./state-file.ts";

export interface AttachedNodes {
  /** For OLLAMA_NODES; undefined when the configuration names nodes itself. */
  readonly list: string | undefined;
  /** Stops the nodes if they were started for this. */
  readonly release: () => Promise<void>;
}

const firstPort = 11_700;

/**
 * The nodes that this configuration means: named ones, the running product's, or embedded ones started for the caller.
 *
 * @param isRunning whether the product runs on this data folder
 * @throws Error with one sentence when they are not to be had
 */
export async function attachToNodes(config: Config, isRunning: boolean): Promise<AttachedNodes> {
  const release = (): Promise<void> => Promise.resolve();
  if (config.ollamaNodes.length > 0) return { list: undefined, release };
  const parts = isRunning ? (readState(config.dataDir)?.parts ?? []) : [];
  const ports = parts
    .filter(({ name, port }) => name.startsWith("node-") && port !== null)
    .map(({ port }) => port ?? 0);
  return ports.length > 0 ? { list: nodeList(ports), release } : startForCaller(config);
}

async function startForCaller(config: Config): Promise<AttachedNodes> {
  const ports: number[] = [];
  for (let next = firstPort; ports.length < config.embeddedNodes; next = (ports.at(-1) ?? next) + 1)
    ports.push(await freePort("127.0.0.1", next));
  const { parts } = planProduct({ config, port: config.port, nodePorts: ports, dev: false });
  const nodes = parts.filter(({ name }) => name.startsWith("node-"));
  const children = nodes.map((part) =>
    spawn(process.execPath, part.args(null), { stdio: ["pipe", "pipe", "inherit"] }),
  );
  const release = async (): Promise<void> => {
    await Promise.all(children.map(end));
  };
  try {
    await Promise.all(children.map(untilReady));
  } catch (error) {
    await release();
    throw error;
  }
  return { list: nodeList(ports), release };
}

async function untilReady(child: ChildProcess): Promise<void> {
  if (child.stdout === null) return;
  for await (const line of createInterface({ input: child.stdout })) if (line !== "") return;
  const advice = "Run npm start once: it installs the packages and models that a node needs.";
  throw setupFailure(`An embedded node did not start. ${advice}`);
}

const end = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else
      child.once("close", () => {
        resolve();
      });
    child.kill("SIGTERM");
  });
