import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";
import { acquireLock, lockHolder } from "../database/exclusive-lock.mjs";

const stampName = "node_modules/.drover-installed";

/** What npm ci would make: the same lock on another platform is another set of packages. */
function fingerprintOf(folder) {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}`);
  for (const name of ["package.json", "package-lock.json"]) {
    hash.update(fs.readFileSync(join(folder, name)));
  }
  return hash.digest("hex");
}

function isInstalled(folder) {
  try {
    return fs.readFileSync(join(folder, stampName), "utf8") === fingerprintOf(folder);
  } catch {
    return false;
  }
}

/** Says where the running one is and ends, if there is one. */
export async function refuseIfRunning(dataDir, fail) {
  const holder = await lockHolder(dataDir, "supervisor");
  if (holder === undefined) return;
  const where = holder.info.address ? `at ${holder.info.address}` : "and still starting";
  fail(`Drover is already running ${where} (process ${holder.pid}). Stop that one first.`);
}

/** Runs npm ci in every folder whose lock file changed since the last time. */
export async function installPackages({ root, folders, fail, npm = ["npm"] }) {
  if (folders.every((folder) => isInstalled(join(root, folder)))) return;
  const lock = await acquireLock(join(root, ".drover"), "install");
  if (lock.holder !== undefined) {
    fail(`Another npm start is installing packages (process ${lock.holder.pid}). Wait for it.`);
  }
  for (const folder of folders) {
    const path = join(root, folder);
    if (isInstalled(path)) continue;
    await installIn(path, folder, root, fail, npm);
  }
  lock.release();
}

async function installIn(path, folder, root, fail, npm) {
  const label = folder === "." ? "packages (about 1 GB on disk)" : `packages of ${folder}`;
  const startedAtMs = Date.now();
  const seconds = () => Math.round((Date.now() - startedAtMs) / 1000);
  process.stdout.write(`Installing ${label} …\n`);
  const ticking = setInterval(() => {
    process.stdout.write(`  still installing, ${seconds()} s\n`);
  }, 15_000);
  const fingerprint = fingerprintOf(path);
  const { code, said } = await runNpm(path, root, npm);
  clearInterval(ticking);
  if (code !== 0) fail(explain(said, folder));
  fs.writeFileSync(join(path, stampName), fingerprint);
  process.stdout.write(`Installed ${label} in ${seconds()} s.\n`);
}

function runNpm(cwd, root, [program, ...before]) {
  const [command, ...rest] = [
    program,
    ...before,
    "ci",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  return new Promise((resolve) => {
    const child = spawn(command, rest, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      env: environmentForNpm(root),
    });
    let said = "";
    const hear = (bytes) => (said = (said + bytes).slice(-8_000));
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    const forward = () => child.kill("SIGTERM");
    process.once("SIGTERM", forward).once("SIGINT", forward);
    child.once("error", (error) => resolve({ code: 1, said: String(error) }));
    child.once("close", (code) => {
      process.off("SIGTERM", forward).off("SIGINT", forward);
      if (code === null) process.exit(130);
      resolve({ code, said });
    });
  });
}

/** npm must not run on the Node that it is about to replace. */
export const withoutOwnNode = (path, root) =>
  (path ?? "")
    .split(":")
    .filter((entry) => !entry.startsWith(join(root, "node_modules")))
    .join(":");

/** What an outer npm tells its scripts would mislead an inner one; its settings (cache, registry, proxy) stay. */
function environmentForNpm(root) {
  const env = { ...process.env, PATH: withoutOwnNode(process.env.PATH, root) };
  for (const name of Object.keys(env)) {
    if (
      /^npm_(package|lifecycle|command|execpath|node_execpath)|^INIT_CWD$|^npm_config_(local_prefix|prefix|global_prefix)$/.test(
        name,
      )
    ) {
      delete env[name];
    }
  }
  // The build tools are needed whatever the caller's habit is.
  delete env.NODE_ENV;
  delete env.npm_config_omit;
  return env;
}

const causes = [
  [/ENOSPC/, "The disk is full. Free about 1.5 GB, then run npm start again."],
  [
    /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network/i,
    "The packages cannot be fetched: no package registry answers. Check the network (or npm's registry and proxy settings), then run npm start again.",
  ],
  [
    /EACCES|EPERM/,
    "The packages cannot be written. Give your user this folder, then run npm start again.",
  ],
  [
    /ENOENT.*npm|spawn npm/,
    "npm is missing. Install Node 20 or newer with npm, then run npm start again.",
  ],
];

export function explain(said, folder) {
  const known = causes.find(([pattern]) => pattern.test(said));
  if (known) return known[1];
  const line = said.split("\n").find((one) => /error/i.test(one)) ?? said.trim().split("\n").at(-1);
  return `The packages of ${folder === "." ? "Drover" : folder} could not be installed: ${(line ?? "").trim()}`;
}
