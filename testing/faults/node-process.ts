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
  /** Starts it again on its port, with what it was started with. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a node and waits until it listens. */
export async function startNodeProcess(
  id: string,
  behaviour: Partial<FakeBehaviour> = {},
): Promise<NodeProcess> {
  const given = JSON.stringify({ reply: "stamped", ...behaviour, name: id });
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
  const gone = async (signal: NodeJS.Signals): Promise<void> => {
    const { child } = running;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill(signal);
    await exit;
  };
  return {
    id,
    url,
    async behave(change) {
      await fetch(`${url}/fake/behaviour`, { method: "POST", body: JSON.stringify(change) });
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
    async restart() {
      running = await start(new URL(url).port);
    },
    stop: () => gone("SIGKILL"),
  };
}
