import { spawn } from "node:child_process";

/**
 * Runs a program of this project to its end. Ctrl-C and SIGTERM are the program's to answer.
 * @returns the exit code
 */
export async function runFile(
  args: readonly string[],
  extra: Readonly<Record<string, string>>,
): Promise<number> {
  const child = spawn(process.execPath, args, {
    stdio: "inherit",
    env: { ...process.env, ...extra },
  });
  const pass = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  process.on("SIGTERM", pass).on("SIGINT", () => undefined); // the terminal sends SIGINT to both
  return new Promise((resolve) => {
    child.once("close", (code) => {
      process.off("SIGTERM", pass);
      resolve(code ?? 1);
    });
  });
}
