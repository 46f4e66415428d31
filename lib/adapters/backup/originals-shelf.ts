import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "../../core/errors/app-error.ts";
import type { OriginalsShelf } from "../../ports/file-store.ts";
import { sayingFull, sha256Of, syncFolder, writeDurably } from "./durable-files.ts";

/** A folder as the local file store has it (adapters/files/local-file-store.ts), by the same names. */
export function createOriginalsShelf(folder: string): OriginalsShelf {
  const pathOf = (key: string): string => join(folder, key.slice(0, 2), key);
  const holds = async (key: string, sha256: string): Promise<boolean> =>
    (await sha256Of(pathOf(key)).catch(() => "")) === sha256;
  const add: OriginalsShelf["add"] = async (key, sha256, content) => {
    if (await holds(key, sha256)) return;
    const path = pathOf(key);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const arriving = `${path}.${randomUUID()}.part`;
    try {
      const written = await sayingFull(() => writeDurably(arriving, content()));
      if (written.sha256 !== sha256) throw new AppError("backup_damaged", { what: key });
      await rename(arriving, path);
      await syncFolder(dirname(path));
    } catch (error) {
      await rm(arriving, { force: true });
      throw error;
    }
  };
  return { holds, open: (key) => createReadStream(pathOf(key)), add };
}
