import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface ChildProgram {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Asks it to stop, as a supervisor would, and waits for its end. */
  readonly stop: () => Promise<void>;
  readonly kill: () => Promise<void>;
}

/** Starts a TypeScript program that prints one line of JSON when it is ready, and ends when its standard input does. */
export async function startProgram(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<ChildProgram & { readonly firstLine: Readonly<Record<string, unknown>> }> {
  const child = spawn(process.execPath, args, { env, stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  };
  const firstLine = await Promise.race([
    once(createInterface({ input: child.stdout }), "line").then(([line]) => String(line)),
    ended.then(() => undefined),
  ]);
  if (firstLine === undefined) throw new Error(`${args.join(" ")} ended before it said anything`);
  return {
    pid: child.pid ?? 0,
    child,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    firstLine: JSON.parse(firstLine) as Record<string, unknown>,
  };
}
