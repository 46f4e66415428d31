import { constants, copyFile, link, mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";

const withoutLinks = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV"]);
const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? "";

/**
 * Keeps the originals of one folder in another, whatever is cleared away meanwhile. They are never changed under their key, so a second
 * name does it and costs nothing; where the disk knows no second names they are copied.
 */
export async function keepOriginals(
  from: string,
  to: string,
  linkFile: (path: string, name: string) => Promise<void> = link,
): Promise<void> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile() || entry.name.endsWith(".part")) continue;
    const original = join(entry.parentPath, entry.name);
    const target = join(to, entry.name.slice(0, 2), entry.name);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await linkFile(original, target)
      .catch((error: unknown) => {
        if (!withoutLinks.has(codeOf(error))) throw error;
        return copyFile(original, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      })
      .catch((error: unknown) => {
        // Kept before, or cleared away meanwhile.
        if (!["EEXIST", "ENOENT"].includes(codeOf(error))) throw error;
      });
  }
}
