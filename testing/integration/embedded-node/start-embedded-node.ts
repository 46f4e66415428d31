import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, readdir, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
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

/**
 * A folder of its own with the installed models in it, for tests that change what is installed: the weights are links, so
 * whatever happens here leaves the shared ones alone.
 */
export const ownModelsDir = async (): Promise<string> => {
  const shared = await ensureTestModels();
  const dir = await mkdtemp(join(tmpdir(), "drover-models-"));
  for (const file of (await readdir(shared)).filter((name) => name.endsWith(".gguf"))) {
    await symlink(join(shared, file), join(dir, file));
    await copyFile(join(shared, `${file}.json`), join(dir, `${file}.json`));
  }
  return dir;
};

/** @param args further arguments of the program, for example `--parallel 2` */
export const startEmbeddedNode = async (...args: string[]): Promise<RunningNode> =>
  startEmbeddedNodeIn(await ensureTestModels(), ...args);

/** The same on another folder of models. */
export const startEmbeddedNodeIn = async (
  modelsDir: string,
  ...args: string[]
): Promise<RunningNode> => {
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
