import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ProcessStatus } from "../../ports/process-status.ts";

const stateFile = z.object({
  parts: z.array(
    z.object({
      name: z.string(),
      status: z.enum(["starting", "running", "restarting", "stopped"]),
      restarts: z.number().int().nonnegative(),
    }),
  ),
});

/** Reads what the supervisor wrote into the data folder. A file that is absent, half written or foreign says nothing. */
export function createProcessStatus(dataDir: string): ProcessStatus {
  const path = join(dataDir, "run", "state.json");
  return {
    async read() {
      try {
        const parsed = stateFile.safeParse(JSON.parse(await readFile(path, "utf8")));
        return parsed.success ? parsed.data.parts : [];
      } catch {
        return [];
      }
    },
  };
}
