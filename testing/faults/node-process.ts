import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { FakeBehaviour } from "#testing/fakes/fake-ollama/behaviour.ts";

const program = fileURLToPath(new URL("../fakes/fake-ollama/main.ts", import.meta.url));

export interface SeenByNode {
  readonly body: Readonly<Record<string, unknown>>;
  readonly startedAt?: number;
  readonly firstTokenAt?: number;
  readonly sent?: number;
  readonly end?: "complete" | "aborted" | "faulted";
}

/** A fake node in a process of its own, which can be killed and stopped like any other. */
export interface NodeProcess {
  readonly id: string;
  readonly url: string;
  behave(change: Partial<FakeBehaviour>): Promise<void>;
  seen(): Promise<readonly SeenByNode[]>;
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** As one just started with that behaviour, whatever was done to it. */
  renew(behaviour?: Partial<FakeBehaviour>): Promise<void>;
  /** Starts it again on its port, with what it was started with. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a node and waits until it listens. */
export async function startNodeProcess(
  id: string,
  behaviour: Partial<FakeBehaviour> = {},
): Promise<NodeProcess> {
  const own = { reply: "stamped", ...behaviour, name: id };
  const given = JSON.stringify(own);
  const start = async (
    port: string,
  ): Promise<{ readonly child: ChildProcess; readonly url: string }> => {
    const child = spawn(process.execPath, [program, port, given], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    for await (const url of createInterface(child.stdout)) return { child, url };
    throw new Error(`node ${id} did not start`);
  };
  let running = await start("0");
  const { url } = running;
  const isGone = (): boolean => {
    const { exitCode, signalCode } = running.child;
    return exitCode !== null || signalCode !== null;
  };
  const gone = async (signal: NodeJS.Signals): Promise<void> => {
    const { child } = running;
    if (isGone()) return;
    const exit = once(child, "exit");
    child.kill(signal);
    await exit;
  };
  const tell = async (path: string, change: Partial<FakeBehaviour>): Promise<void> => {
    await fetch(`${url}/fake/${path}`, { method: "POST", body: JSON.stringify(change) });
  };
  const restart = async (): Promise<void> => {
    running = await start(new URL(url).port);
  };
  return {
    id,
    url,
    behave: (change) => tell("behaviour", change),
    async renew(change = {}) {
      if (isGone()) await restart();
      else running.child.kill("SIGCONT");
      await tell("renewed", { ...own, ...change });
    },
    async seen() {
      const response = await fetch(`${url}/fake/seen`);
      return ((await response.json()) as { seen: readonly SeenByNode[] }).seen;
    },
    kill: () => gone("SIGKILL"),
    freeze() {
      running.child.kill("SIGSTOP");
    },
    thaw() {
      running.child.kill("SIGCONT");
    },
    restart,
    stop: () => gone("SIGKILL"),
  };
}
