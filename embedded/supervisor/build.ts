import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { acquireLock, type HeldLock } from "../database/exclusive-lock.mjs";
import { pause } from "./pause.ts";
import { setupFailure } from "./setup-failure.ts";

const folders = ["app", "components", "lib", "drizzle", "public"];
const files = [
  "next.config.mjs",
  "instrumentation.ts",
  "proxy.ts",
  "tsconfig.json",
  "package.json",
  "package-lock.json",
];
const lookEveryMs = 250;
/** Next says its warnings, which are long, after what ended the build. */
const wordsKept = 1_000_000;

/** Of everything that the built app is made from. */
export async function sourceFingerprint(root: string): Promise<string> {
  const hash = createHash("sha256");
  const paths = [...files];
  for (const folder of folders) {
    const entries = await readdir(join(root, folder), { recursive: true }).catch(() => []);
    const sources = entries.map((name) => join(folder, name));
    paths.push(...sources.filter((path) => !isTest(path) && !isCopied(path)));
  }
  for (const path of paths.sort()) {
    const content = await readFile(join(root, path)).catch(() => undefined); // a folder, or an optional file
    if (content !== undefined) hash.update(`${path}\0${String(content.length)}\0`).update(content);
  }
  return hash.digest("hex");
}

/** next.config.mjs puts these there from packages, whose versions the lock file tells: they are not there before the first build. */
const isCopied = (path: string): boolean =>
  path.startsWith(join("public", "pdfjs")) || path === join("public", "frames", "mermaid.js");

const isTest = (name: string): boolean => /\.test\.tsx?$/.test(name);

/** Builds the app when its sources changed since the last build; a second caller waits for the first. Answers whether it did. */
export async function buildIfChanged(root: string, signal: AbortSignal): Promise<boolean> {
  const stamp = join(root, ".next", "drover-built");
  const fingerprint = await sourceFingerprint(root);
  const isBuilt = async (): Promise<boolean> =>
    (await readFile(stamp, "utf8").catch(() => "")) === fingerprint;
  if (await isBuilt()) return false;
  const lock = await waitForLock(root, signal);
  try {
    if (await isBuilt()) return false;
    await runBuild(root, signal);
    await writeFile(stamp, fingerprint);
    return true;
  } finally {
    lock.release();
  }
}

/** Two data folders may share one clone, and Next refuses to build twice at once. */
async function waitForLock(root: string, signal: AbortSignal): Promise<HeldLock> {
  for (;;) {
    const lock = await acquireLock(join(root, ".drover"), "build");
    if (lock.holder === undefined) return lock;
    await pause(lookEveryMs, signal);
    signal.throwIfAborted();
  }
}

function runBuild(root: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [join(root, "node_modules/next/dist/bin/next"), "build"],
      {
        cwd: root,
        env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const stop = (): void => {
      child.kill("SIGTERM");
    };
    signal.addEventListener("abort", stop);
    let said = "";
    const hear = (bytes: Buffer): void => {
      said = (said + bytes.toString()).slice(-wordsKept);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("close", (code) => {
      signal.removeEventListener("abort", stop);
      if (signal.aborted) reject(new Error("stopped"));
      else if (code === 0) resolve();
      else reject(setupFailure(explainBuild(said)));
    });
  });
}

function explainBuild(said: string): string {
  if (said.includes("ENOSPC"))
    return "The disk is full. Free about 1 GB, then run npm start again.";
  const lines = said.split("\n").map((line) => line.trim());
  const telling =
    lines.find((line) => /error/i.test(line)) ?? lines.findLast((line) => line !== "");
  return `The app could not be built: ${telling ?? "next build said nothing"}`;
}
