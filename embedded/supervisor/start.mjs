// The first step of `npm start`: needs Node 20 and nothing else. Installs the packages when the lock file changed, then hands
// over to main.ts on the Node that the packages bring.
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const args = process.argv.slice(2);

const fail = (sentence) => {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
};

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20) {
  fail(
    `Drover needs Node 20 or newer and this is ${process.version}. Install it, then run npm start again.`,
  );
}

process.chdir(root);
if (fs.existsSync(".env") && (major > 20 || minor >= 12)) process.loadEnvFile(".env");

const { installPackages, refuseIfRunning, withoutOwnNode } = await import("./packages.mjs");
const dataDir = resolve(root, process.env.DROVER_DATA_DIR || ".drover");

await refuseIfRunning(dataDir, fail);
const wanted = process.env.OLLAMA_NODES ? ["."] : [".", "embedded/node"];
await installPackages({ root, folders: wanted, dataDir, fail });

// Measured: with the cache each TypeScript program takes 18 MB less, since none of them loads the compiler.
process.env.NODE_COMPILE_CACHE ??= join(root, "node_modules/.cache/drover/compiled");
const ownNode = join(root, "node_modules/.bin/node");
const main = join(root, "embedded/supervisor/main.ts");
if (fs.existsSync(ownNode) && fs.realpathSync(ownNode) === fs.realpathSync(process.execPath)) {
  // From the second start on npm finds this very program first, so no second process is needed.
  const { enableCompileCache } = await import("node:module");
  enableCompileCache(process.env.NODE_COMPILE_CACHE);
  process.argv = [process.execPath, main, ...args];
  await import("./main.ts");
} else {
  handOver(fs.existsSync(ownNode) ? ownNode : process.execPath);
}

function handOver(program) {
  const child = spawn(program, [main, ...args, "--parent-pipe"], {
    stdio: ["pipe", "inherit", "inherit"],
    env: { ...process.env, PATH: `${dirname(ownNode)}:${withoutOwnNode(process.env.PATH, root)}` },
  });
  // A terminal sends its signals to both; whoever signals only this process is heard below all the same.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  child.once("error", (error) => fail(`Node 24 of the packages cannot run: ${error.message}`));
  child.once("exit", (code) => process.exit(code ?? 1));
}
