import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** A first start may have to build the app and load the models. */
const startWithinMs = 420_000;

const freePort = (): Promise<number> =>
  new Promise((done, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        done(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  });

const untilReady = (child: ChildProcess): Promise<string> =>
  new Promise((done, failed) => {
    let said = "";
    const giveUp = setTimeout(() => {
      failed(new Error(`The product did not start in time:\n${said}`));
    }, startWithinMs);
    const hear = (bytes: Buffer): void => {
      said += bytes.toString();
      const address = /ready at (http:\S+)/u.exec(said)?.[1];
      if (address === undefined) return;
      clearTimeout(giveUp);
      done(address);
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("exit", (code) => {
      clearTimeout(giveUp);
      failed(new Error(`The product ended with ${String(code)}:\n${said}`));
    });
  });

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) done();
    else
      child.once("exit", () => {
        done();
      });
  });

/** Starts the real product in a folder of its own and tells the tests where it is; returns what stops it. */
// eslint-disable-next-line no-restricted-exports -- Playwright calls the default export of its global set-up
export default async function startProduct(): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), "drover-e2e-"));
  const child = spawn(process.execPath, [join(root, "embedded/supervisor/main.ts")], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      // Drover refuses variables it does not know; these two are the tests' own.
      DROVER_SCREENSHOTS: undefined,
      PATH: `${join(root, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`,
      DROVER_DATA_DIR: dataDir,
      DROVER_MODELS_DIR: process.env["DROVER_MODELS_DIR"] ?? join(root, ".drover/models"),
      DROVER_PORT: String(await freePort()),
      DATABASE_URL: "",
      OLLAMA_NODES: "",
    },
  });
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended(child);
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    process.env["E2E_ADDRESS"] = await untilReady(child);
    process.env["E2E_DATA_DIR"] = dataDir;
    process.env["E2E_PID"] = String(child.pid);
    process.env["E2E_SETUP_LINK"] = readFileSync(join(dataDir, "setup-link"), "utf8").trim();
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
