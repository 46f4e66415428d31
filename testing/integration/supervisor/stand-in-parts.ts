import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { askControlSocket } from "../../../embedded/supervisor/health-watch.ts";
import type { PartSpec } from "../../../embedded/supervisor/part-spec.ts";

const program = fileURLToPath(new URL("./stand-in.mjs", import.meta.url));

/** In the order of the real product: the database first, the app last, and stopped the other way round. */
export function standInParts(
  dataDir: string,
  options: { readonly deaf?: boolean; readonly mute?: boolean; readonly fail?: string } = {},
): readonly PartSpec[] {
  const controlOf = (name: string): string => join(dataDir, `${name}.control`);
  const part = (name: string, startWave: number, stopWave: number): PartSpec => ({
    name,
    args: (port) => [
      program,
      ...["--name", name, "--journal", join(dataDir, "journal")],
      ...["--port", String(port ?? 0)],
      ...["--control", controlOf(name)],
      ...(options.deaf === true && name === "app" ? ["--deaf"] : []),
      ...(options.mute === true && name === "app" ? ["--mute"] : []),
      ...(options.fail !== undefined && name === "app" ? ["--fail", options.fail] : []),
    ],
    env: {},
    niceness: name === "node" ? 5 : 0,
    ready: "line",
    ...(options.mute === true && name === "app" ? { readyWithinMs: 500 } : {}),
    health: {
      ask: (_, signal) => askControlSocket(controlOf(name), signal),
      everyMs: 40,
      timeoutMs: 800,
      patience: 2,
    },
    startWave,
    stopWave,
    stopWithinMs: 1_500,
    logPath: join(dataDir, "logs", `${name}.log`),
  });
  return [part("database", 0, 2), part("node", 1, 1), part("app", 2, 0)];
}

export function journalOf(dataDir: string): readonly string[] {
  try {
    return readFileSync(join(dataDir, "journal"), "utf8").trim().split("\n");
  } catch {
    return [];
  }
}
