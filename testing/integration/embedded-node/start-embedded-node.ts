import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { ensureTestModels } from "#testing/models.ts";

const repository = resolve(import.meta.dirname, "..", "..", "..");
export const nodeProgram = join(repository, "node_modules", ".bin", "node");
export const nodeMain = join(repository, "embedded", "node", "main.ts");

/** A real embedded node in a process of its own. */
export interface RunningNode {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly process: ChildProcess;
  /** Ends it as an operator would, and waits until it is gone. */
  readonly stop: () => Promise<void>;
}

/** The first line of the program's output: `{"ready":true,"port":…,"pid":…}`. @throws Error with what it said instead */
export const readyLine = async (child: ChildProcess): Promise<{ port: number; pid: number }> => {
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  if (child.stdout === null) throw new Error("The node's output is not read.");
  for await (const line of createInterface(child.stdout)) {
    const message = JSON.parse(line) as { ready: boolean; port: number; pid: number };
    if (message.ready) return message;
  }
  throw new Error(`The embedded node did not start: ${said}`);
};

/** @param args further arguments of the program, for example `--parallel 2` */
export const startEmbeddedNode = async (...args: string[]): Promise<RunningNode> => {
  const modelsDir = await ensureTestModels();
  const child = spawn(nodeProgram, [nodeMain, "--port", "0", "--models", modelsDir, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const { port, pid } = await readyLine(child);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid,
    process: child,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    },
  };
};
