import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

export interface Ran {
  readonly code: number;
  readonly said: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
  /** The whole group at once, as a lost machine would. */
  readonly kill: () => void;
}

/** `npm run backup | restore | move-to-postgres` with nothing in the environment but what is given, in a process group of its own. */
export function startNpm(
  name: "backup" | "restore" | "move",
  args: readonly string[],
  given: Readonly<Record<string, string>>,
): Running {
  const { PATH, NODE_ENV } = process.env;
  const child = spawn(
    process.execPath,
    [join(root, `embedded/supervisor/run-${name}.ts`), ...args],
    {
      cwd: root,
      env: { PATH, NODE_ENV, ...given },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (bytes: Buffer) => (said += bytes.toString()));
  const ended = once(child, "close").then(([code]) => ({
    code: typeof code === "number" ? code : -1,
    said,
  }));
  const kill = (): void => {
    process.kill(-(child.pid ?? Number.NaN), "SIGKILL");
  };
  return { child, ended, kill };
}

export const runNpm = (...asked: Parameters<typeof startNpm>): Promise<Ran> =>
  startNpm(...asked).ended;
