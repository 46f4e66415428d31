// What `npm test` starts: needs Node 20 and nothing else. Installs what is missing, runs every suite and ends with the one line
// `N passed, N failed, N skipped`. Arguments go to Vitest, and then only Vitest runs.
//   --long     the long suites too
//   --prepare  installs only
import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackages } from "../embedded/supervisor/packages.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const inCi = process.env.CI === "true";
const flags = new Set(["--long", "--prepare"]);
const given = process.argv.slice(2);
const isLong = given.includes("--long");
const filters = given.filter((argument) => !flags.has(argument));

const say = (sentence) => process.stdout.write(`${sentence}\n`);
const fail = (sentence) => {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
};

if (Number(process.versions.node.split(".")[0]) < 20) {
  fail(`The tests need Node 20 or newer and this is ${process.version}.`);
}
process.chdir(root);
await installPackages({ root, folders: [".", "embedded/node"], fail });

const bin = (name) => join(root, "node_modules/.bin", name);
const modelsDir = process.env.DROVER_MODELS_DIR ?? join(root, ".drover/models");
const env = {
  ...process.env,
  PATH: `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH ?? ""}`,
  DROVER_MODELS_DIR: modelsDir,
  // As the product has it: hundreds of programs are started, each from the same sources.
  NODE_COMPILE_CACHE:
    process.env.NODE_COMPILE_CACHE ?? join(root, "node_modules/.cache/drover/compiled"),
  NEXT_TELEMETRY_DISABLED: "1",
  ...(isLong ? { TEST_LONG: "1" } : {}),
};

/** Runs a program to its end and answers its exit code. */
const run = (command, args, extra = {}) =>
  new Promise((done) => {
    const child = spawn(command, args, { cwd: root, stdio: "inherit", env: { ...env, ...extra } });
    child.once("error", () => done(127));
    child.once("exit", (code) => done(code ?? 1));
  });

const skippedBecause = [];
const weights = await run(bin("node"), ["embedded/node/install-models.ts", "--models", modelsDir]);
if (weights !== 0) skippedBecause.push("what needs model weights: they could not be installed");
const chromium = await findChromium();
if (chromium === undefined) {
  skippedBecause.push(
    "the pages: no Chromium is installed and Playwright's own cannot be fetched. Install chromium or set CHROMIUM_PATH",
  );
} else {
  env.CHROMIUM_PATH = chromium;
}
if (spawnSync(env.REDIS_SERVER_PATH ?? "redis-server", ["--version"]).status !== 0) {
  skippedBecause.push(
    "what needs Redis: no redis-server is installed. Install redis-server or set REDIS_SERVER_PATH",
  );
}
if (given.includes("--prepare")) process.exit(inCi && skippedBecause.length > 0 ? 1 : 0);

const took = [];
const secondsSince = (startMs) => Math.round((performance.now() - startMs) / 1000);
const totals = { passed: 0, failed: 0, skipped: 0 };
const reports = fs.mkdtempSync(join(tmpdir(), "drover-reports-"));

await runVitest("vitest", filters);
if (filters.length === 0) {
  await runOnPostgres();
  await runPlaywright();
}
fs.rmSync(reports, { recursive: true, force: true });
say(`Took: ${took.join(", ")}, from the start ${Math.round(process.uptime())} s.`);
for (const reason of skippedBecause) say(`Skipped ${reason}.`);
if (inCi && totals.skipped + skippedBecause.length > 0) {
  say("In CI nothing may be skipped.");
  totals.failed += 1;
}
say(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1);

async function runVitest(name, args, extra) {
  const report = join(reports, `${name}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const startMs = performance.now();
  const code = await run(bin("node"), [bin("vitest"), "run", ...reporters, ...args], extra);
  took.push(`${name} ${secondsSince(startMs)} s`);
  const failedBefore = totals.failed;
  const found = readReport(report);
  totals.passed += found?.numPassedTests ?? 0;
  totals.failed += found?.numFailedTests ?? 0;
  totals.skipped += (found?.numPendingTests ?? 0) + (found?.numTodoTests ?? 0);
  // A file that could not be loaded, or an error outside every test, has no failed test to count.
  if (code !== 0 && totals.failed === failedBefore) totals.failed += 1;
}

/** The suites that use a database, once more on a real Postgres. */
async function runOnPostgres() {
  const files = [...testFiles("lib"), ...testFiles("testing")].filter((path) => usesDatabase(path));
  if (files.length === 0) return;
  const install =
    "const { installPostgres } = await import('./testing/services/postgres.ts'); await installPostgres();";
  const code = await run(bin("node"), ["--input-type=module", "-e", install]);
  if (code !== 0) {
    skippedBecause.push("the same suites on a real Postgres: pip could not install it");
    totals.skipped += files.length;
    return;
  }
  say("The suites that use a database, on a real Postgres:");
  await runVitest("postgres", files, { TEST_DATABASE: "postgres" });
}

/** Whether a test, or anything of testing/ that it imports, asks for a database of its own. */
function usesDatabase(path, seen = new Set()) {
  if (seen.has(path) || !fs.existsSync(path)) return false;
  seen.add(path);
  const text = fs.readFileSync(path, "utf8");
  if (text.includes("await startTestDatabase(")) return true;
  const imported = [...text.matchAll(/from "(#testing\/|\.[^"]*\/)([^"]+\.ts)"/g)];
  return imported.some(([, start, rest]) =>
    usesDatabase(
      start === "#testing/" ? join("testing", rest) : join(dirname(path), start, rest),
      seen,
    ),
  );
}

function testFiles(folder) {
  return fs
    .readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith(".test.ts") && (isLong || !name.endsWith(".long.test.ts")))
    .map((name) => join(folder, name));
}

async function runPlaywright() {
  if (!fs.existsSync(join(root, "playwright.config.ts"))) return;
  if (chromium === undefined) {
    totals.skipped += 1;
    return;
  }
  const report = join(reports, "playwright.json");
  const args = [bin("playwright"), "test", "--reporter=list,json"];
  const startMs = performance.now();
  const code = await run(bin("node"), args, { PLAYWRIGHT_JSON_OUTPUT_NAME: report });
  took.push(`playwright ${secondsSince(startMs)} s`);
  const stats = readReport(report)?.stats;
  totals.passed += (stats?.expected ?? 0) + (stats?.flaky ?? 0);
  totals.failed += stats?.unexpected ?? 0;
  totals.skipped += stats?.skipped ?? 0;
  if (code !== 0 && (stats?.unexpected ?? 0) === 0) totals.failed += 1;
}

function readReport(path) {
  try {
    return JSON.parse(fs.readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

async function findChromium() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
    const found = spawnSync("which", [name], { encoding: "utf8" });
    if (found.status === 0) return found.stdout.trim();
  }
  const own = playwrightChromium();
  if (own !== undefined) return own;
  say("No Chromium is installed; trying Playwright's own …");
  await run(bin("node"), [bin("playwright"), "install", "chromium"]);
  return playwrightChromium();
}

function playwrightChromium() {
  const ask = "process.stdout.write(require('@playwright/test').chromium.executablePath())";
  const { stdout } = spawnSync(bin("node"), ["-e", ask], { cwd: root, encoding: "utf8" });
  return stdout && fs.existsSync(stdout) ? stdout : undefined;
}
