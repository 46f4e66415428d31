import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildIfChanged } from "../../embedded/supervisor/build.ts";
import { freePort } from "../../embedded/supervisor/free-port.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const readyWithinMs = 60_000;

export interface BuiltApp {
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * The app as `npm start` builds and serves it, but as if the proxy file had been deleted before the build: Next then lists no
 * middleware. Access must hold without it.
 */
export async function startBuiltAppWithoutProxy(
  env: Readonly<Record<string, string>>,
): Promise<BuiltApp> {
  await buildIfChanged(root, new AbortController().signal);
  const folder = await mkdtemp(join(tmpdir(), "drover-built-"));
  await copyBuild(folder);
  const port = await freePort("127.0.0.1", 3_900);
  const child = spawn(
    process.execPath,
    [
      join(root, "node_modules/next/dist/bin/next"),
      ...["start", folder, "--hostname", "127.0.0.1", "--port", String(port)],
    ],
    {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...{ PATH: process.env["PATH"], NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
        ...{ NEXT_MANUAL_SIG_HANDLE: "true", DROVER_PORT: String(port), DROVER_ROLE: "web" },
        ...env,
      },
    },
  );
  let said = "";
  const hear = (bytes: Buffer): void => {
    said += bytes.toString();
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const ended = once(child, "close");
  const close = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const origin = `http://127.0.0.1:${String(port)}`;
  const deadlineMs = performance.now() + readyWithinMs;
  for (;;) {
    const answer = await fetch(`${origin}/api/setup`).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok === true) return { origin, close };
    if (child.exitCode !== null || performance.now() > deadlineMs) {
      await close();
      throw new Error(`The built app does not answer:\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What `next start` reads, with an empty list of middleware. */
async function copyBuild(folder: string): Promise<void> {
  const cache = join(root, ".next/cache");
  await cp(join(root, ".next"), join(folder, ".next"), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => path !== cache,
  });
  await mkdir(join(folder, "app"));
  for (const name of ["node_modules", "package.json", "next.config.mjs"])
    await symlink(join(root, name), join(folder, name));
  const manifest = join(folder, ".next/server/functions-config-manifest.json");
  const listed = JSON.parse(await readFile(manifest, "utf8")) as {
    functions: Record<string, unknown>;
  };
  if (listed.functions["/_middleware"] === undefined)
    throw new Error("the build lists its proxy elsewhere: this harness no longer takes it out");
  delete listed.functions["/_middleware"];
  await writeFile(manifest, JSON.stringify(listed));
}
