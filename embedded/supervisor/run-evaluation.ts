// node embedded/supervisor/run-evaluation.ts KIND PATH [options]: runs lib/commands/evaluate.ts with what the kind measures with:
// an empty database in a temporary folder, and embedded nodes unless OLLAMA_NODES names others. The product's data is not touched.
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseConfig, type Config } from "../../lib/config.ts";
import { isAppError } from "../../lib/core/errors/app-error.ts";
import { installWeights } from "./install-weights.ts";
import { installPackages } from "./packages.mjs";
import { root } from "./product-parts.ts";
import { sentenceFor, setupFailure } from "./setup-failure.ts";

const withoutModels = new Set(["documents", "conversations"]);
const mostNodes = 2;

interface StartedPart {
  readonly line: Readonly<Record<string, unknown>>;
  readonly stop: () => Promise<void>;
}

async function startPart(args: readonly string[]): Promise<StartedPart> {
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => {
      resolve();
    });
  });
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
  };
  if (child.stdout === null) throw setupFailure("A part started without output.");
  for await (const line of createInterface({ input: child.stdout }))
    return { line: JSON.parse(line) as Record<string, unknown>, stop };
  throw setupFailure(`${args[0] ?? "A part"} ended before it was ready.`);
}

const startDatabase = (folder: string): Promise<StartedPart> =>
  startPart([join(root, "embedded/database/main.ts"), "--data", folder]);

/** A clone that was never started has no packages of the embedded node yet. */
const installNodePackages = (): Promise<void> =>
  installPackages({
    root,
    folders: ["embedded/node"],
    fail: (sentence: string) => {
      throw setupFailure(sentence);
    },
  });

async function startNodes(config: Config): Promise<readonly StartedPart[]> {
  if (config.ollamaNodes.length > 0) return [];
  await installNodePackages();
  const never = new AbortController().signal;
  const say = (sentence: string): void => {
    console.error(sentence);
  };
  await installWeights(config, say, never);
  const count = Math.min(mostNodes, availableParallelism());
  const args = [join(root, "embedded/node/main.ts"), "--port", "0", "--models", config.modelsDir];
  return Promise.all(Array.from({ length: count }, () => startPart(args)));
}

async function run(args: readonly string[]): Promise<number> {
  process.chdir(root);
  if (existsSync(".env")) process.loadEnvFile(".env");
  const config = parseConfig(process.env);
  const needsModels = !withoutModels.has(args[0] ?? "") && args.length >= 2;
  const folder = await mkdtemp(join(tmpdir(), "drover-evaluation-"));
  const parts: StartedPart[] = [];
  try {
    const env: NodeJS.ProcessEnv = { ...process.env };
    if (needsModels) {
      const database = await startDatabase(folder);
      parts.push(database);
      const nodes = await startNodes(config);
      parts.push(...nodes);
      env["DATABASE_URL"] = String(database.line["url"]);
      env["DROVER_MODELS_DIR"] = config.modelsDir;
      env["DROVER_DATA_DIR"] = folder;
      if (nodes.length > 0)
        env["OLLAMA_NODES"] = nodes
          .map(
            ({ line }, place) =>
              `http://127.0.0.1:${String(line["port"])}?id=node-${String(place + 1)}`,
          )
          .join(",");
    }
    return await runCommand(args, env);
  } finally {
    await Promise.all(parts.map((part) => part.stop()));
    await rm(folder, { recursive: true, force: true });
  }
}

function runCommand(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const command = join(root, "lib/commands/evaluate.ts");
  const child = spawn(process.execPath, [command, ...args], { stdio: "inherit", env });
  // The whole group gets the signal of a terminal; the child ends first.
  process.on("SIGINT", () => undefined);
  return new Promise((resolve) => {
    child.once("close", (code) => {
      resolve(code ?? 1);
    });
  });
}

try {
  process.exit(await run(process.argv.slice(2)));
} catch (error) {
  const faults = isAppError(error, "config_invalid") ? error.details.faults : [sentenceFor(error)];
  process.stderr.write(`${faults.join("\n")}\n`);
  process.exit(1);
}
