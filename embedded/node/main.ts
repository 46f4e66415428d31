import { fstatSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { createInstalledModels } from "./engine/installed-models.ts";
import { createRunnerLoader } from "./engine/load-runner.ts";
import { publicLibraryUrl } from "./install/library-client.ts";
import { createModelStore } from "./store/model-store.ts";
import { createModelScheduler } from "./engine/model-scheduler.ts";
import { createNodeServer } from "./server/http-server.ts";

/** The Ollama whose behaviour is followed, then this node's own mark and number. */
const version = "0.35.0-drover.2";
const parentCheckMs = 500;
const stopWithinMs = 3000;

interface Settings {
  readonly port: number;
  readonly host: string;
  readonly modelsDir: string;
  readonly libraryUrl: string;
  readonly threads: number;
  readonly parallel: number;
  readonly numCtx: number;
  readonly mostQueued: number;
  readonly keepAliveMs: number;
}

const wholeNumber = (name: string, text: string, least: number): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Error(`--${name} must be a whole number of at least ${least}, not ${text}.`);
};

const readSettings = (): Settings => {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      host: { type: "string", default: "127.0.0.1" },
      models: { type: "string" },
      library: { type: "string", default: publicLibraryUrl },
      threads: { type: "string", default: "1" },
      parallel: { type: "string", default: "1" },
      id: { type: "string", default: "" }, // shows in the process list which node this is
      "num-ctx": { type: "string", default: "4096" },
      "max-queue": { type: "string", default: "512" },
      "keep-alive-seconds": { type: "string", default: "300" },
    },
  });
  if (values.models === undefined)
    throw new Error("--models DIR is missing: the folder that holds the weights.");
  return {
    port: wholeNumber("port", values.port, 0),
    host: values.host,
    modelsDir: resolve(values.models),
    libraryUrl: values.library,
    threads: wholeNumber("threads", values.threads, 1),
    parallel: wholeNumber("parallel", values.parallel, 1),
    numCtx: wholeNumber("num-ctx", values["num-ctx"], 16),
    mostQueued: wholeNumber("max-queue", values["max-queue"], 0),
    keepAliveMs: wholeNumber("keep-alive-seconds", values["keep-alive-seconds"], 0) * 1000,
  };
};

/** Calls `stop` once when the program is asked to end, or when whoever started it is gone. */
const watchForEnd = (stop: () => void): void => {
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop();
  }, parentCheckMs).unref();
  // A parent that holds our input open is missed the moment it dies. A terminal or /dev/null says nothing.
  if (!fstatSync(0).isSocket()) return;
  process.stdin.on("error", stop).on("end", stop).resume();
};

const main = async (): Promise<void> => {
  const settings = readSettings();
  const store = createModelStore({ modelsDir: settings.modelsDir });
  const models = createInstalledModels(store);
  const scheduler = createModelScheduler({
    load: createRunnerLoader(settings),
    defaultNumCtx: settings.numCtx,
    defaultKeepAliveMs: settings.keepAliveMs,
    mostLoaded: 3,
    mostQueued: settings.mostQueued,
  });
  const { libraryUrl } = settings;
  const server = createNodeServer({ version, models, scheduler, store, libraryUrl });
  // Where the folder cannot be written to, what is there is served all the same.
  await store.prune().catch((error: unknown) => {
    console.error(`Nothing is cleaned up in ${settings.modelsDir}: ${String(error)}`);
  });
  await models.list(); // reads the heads of the files once, so that the first request need not
  let stopping = false;
  watchForEnd(() => {
    if (stopping) return;
    stopping = true;
    // As Ollama does: connections are cut, nothing is drained. Whoever stops a node drains it before.
    server.close();
    server.closeAllConnections();
    setTimeout(() => process.exit(0), stopWithinMs).unref();
    void scheduler.dispose().finally(() => process.exit(0));
  });
  await new Promise<void>((listening, failed) => {
    server.once("error", failed);
    server.listen(settings.port, settings.host, listening);
  });
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ ready: true, port, pid: process.pid }));
};

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
