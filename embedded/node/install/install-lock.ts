import { mkdir, open, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const pollMs = 250;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

const tryTake = async (path: string): Promise<boolean> => {
  const file = await open(path, "wx").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return undefined;
  });
  if (file === undefined) return false;
  try {
    await file.write(String(process.pid));
    return true;
  } catch (error) {
    await rm(path, { force: true }); // a full disk must not leave a lock that nobody holds
    throw error;
  } finally {
    await file.close();
  }
};

const writingMs = 5000;

/** An empty file is a lock whose owner is just writing its number, or died doing so. */
const isAbandoned = async (path: string): Promise<boolean> => {
  const owner = Number(await readFile(path, "utf8").catch(() => "0"));
  if (owner > 0) return !isAlive(owner);
  const since = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Date.now(),
  );
  return Date.now() - since > writingMs;
};

/** Runs `work` while no other process installs into the same folder; a lock whose owner died is taken over. */
export const withInstallLock = async <T>(
  modelsDir: string,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> => {
  await mkdir(modelsDir, { recursive: true });
  const path = join(modelsDir, ".install-lock");
  while (!(await tryTake(path))) {
    if (await isAbandoned(path)) await rm(path, { force: true });
    await wait(pollMs, undefined, signal ? { signal } : {});
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
};
