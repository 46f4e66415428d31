import { mkdir, open, readFile, rm } from "node:fs/promises";
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
  try {
    const file = await open(path, "wx");
    await file.write(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  }
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
    const owner = Number(await readFile(path, "utf8").catch(() => "0"));
    // An empty file is a lock whose owner is just writing its number.
    if (owner > 0 && !isAlive(owner)) await rm(path, { force: true });
    await wait(pollMs, undefined, signal ? { signal } : {});
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
};
