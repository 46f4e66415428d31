import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { root } from "./product-parts.ts";
import { setupFailure } from "./setup-failure.ts";

export interface DatabaseChild {
  readonly url: string;
  /** Asks it to stop, and resolves when it has ended. */
  readonly stop: () => Promise<void>;
}

/**
 * The embedded database of a data folder, for as long as the caller needs it.
 * @throws Error with one sentence when it does not start.
 */
export async function startDatabaseChild(dataDir: string): Promise<DatabaseChild> {
  const program = join(root, "embedded/database/main.ts");
  const child = spawn(process.execPath, [program, "--data", dataDir], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as { readonly url?: string; readonly reason?: string };
    if (said.url === undefined) throw setupFailure(said.reason ?? "The database did not start.");
    return {
      url: said.url,
      stop: async () => {
        child.kill("SIGTERM");
        await ended;
      },
    };
  }
  throw setupFailure("The database ended before it was ready.");
}
