import { type ChildProcess, spawn } from "node:child_process";

/** What is done at the turn of a program that runs; it goes on with `goOn`, and sees that it must not when this rejects before. */
export type Turn = (goOn: () => void) => Promise<void>;

/**
 * Runs a program of this project to its end, and `turn` when it says that this has come. Ctrl-C and SIGTERM are the program's to answer.
 * @returns the exit code
 */
export async function runFile(
  args: readonly string[],
  extra: Readonly<Record<string, string>>,
  turn?: Turn,
): Promise<number> {
  const child = spawn(process.execPath, args, {
    stdio: turn === undefined ? "inherit" : ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, ...extra },
  });
  const pass = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  process.on("SIGTERM", pass).on("SIGINT", () => undefined); // the terminal sends SIGINT to both
  const turned = turn === undefined ? undefined : atTurn(child, turn);
  const code = await new Promise<number>((resolve) => {
    child.once("close", (code) => {
      process.off("SIGTERM", pass);
      resolve(code ?? 1);
    });
  });
  await turned?.();
  return code;
}

/** @returns what waits for a turn that has begun, and throws what it threw. */
function atTurn(child: ChildProcess, turn: Turn): () => Promise<void> {
  let turned: Promise<void> = Promise.resolve();
  child.once("message", () => {
    turned = turn(() => {
      if (child.connected) child.send("go on");
    }).catch((error: unknown) => {
      if (child.connected) child.disconnect();
      throw error;
    });
    turned.catch(() => undefined); // thrown when the program has ended
  });
  return () => turned;
}
