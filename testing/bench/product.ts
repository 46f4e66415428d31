import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface ProductPart {
  readonly name: string;
  readonly pid: number | null;
  readonly port: number | null;
}

/** The real product, started as `npm start` starts it, in a data folder of its own. */
export interface Product {
  readonly origin: string;
  /** Of the supervisor. */
  readonly pid: number;
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** From the command to the address on the screen. */
  readonly startMs: number;
  parts(): Promise<readonly ProductPart[]>;
  /** Stops everything; the data folder stays until `remove`. */
  stop(): Promise<void>;
}

/** Opens /metrics of the measured product. */
export const metricsToken = "sixteen-characters-or-more";

export const newDataDir = (): Promise<string> => mkdtemp(join(tmpdir(), "drover-bench-"));
export const removeDataDir = (dataDir: string): Promise<void> =>
  rm(dataDir, { recursive: true, force: true });

interface State {
  readonly databaseUrl: string;
  readonly parts: readonly ProductPart[];
}

const readState = async (dataDir: string): Promise<State> =>
  JSON.parse(await readFile(join(dataDir, "run", "state.json"), "utf8")) as State;

/**
 * @param settings of the environment, beside the usual ones
 * @throws Error with the product's own words when it does not start
 */
export async function startProduct(
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Product> {
  const beganAt = performance.now();
  const child = spawn(process.execPath, [join(root, "embedded/supervisor/start.mjs")], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      DROVER_DATA_DIR: dataDir,
      DROVER_MODELS_DIR: process.env["DROVER_MODELS_DIR"] ?? join(root, ".drover/models"),
      DROVER_METRICS_TOKEN: metricsToken,
      DROVER_PORT: "3700",
      ...settings,
    },
  });
  const ended = new Promise<void>((resolve) =>
    child.once("close", () => {
      resolve();
    }),
  );
  const said: string[] = [];
  child.stderr.on("data", (data: Buffer) => said.push(data.toString()));
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    const origin = /ready at (https?:\S+)/.exec(line)?.[1];
    if (origin === undefined) continue;
    const { databaseUrl } = await readState(dataDir);
    return {
      origin,
      pid: child.pid ?? 0,
      dataDir,
      databaseUrl,
      startMs: performance.now() - beganAt,
      parts: async () => (await readState(dataDir)).parts,
      async stop() {
        child.kill("SIGTERM");
        await ended;
      },
    };
  }
  throw new Error(`The product did not start: ${said.join("\n")}`);
}
