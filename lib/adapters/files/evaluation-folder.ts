import { createReadStream, statSync } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { AppError } from "../../core/errors/app-error.ts";
import type { EvaluationData } from "../../ports/evaluation-data.ts";

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** A link to a folder is one too. */
const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Data sets as folders on disk, packed files read as if they were not. */
export function createEvaluationFolder(path: string): EvaluationData {
  const named = resolve(path);
  const onlyFile = statSync(named, { throwIfNoEntry: false })?.isFile() === true;
  const root = onlyFile ? dirname(named) : named;
  const filePath = (name: string): string => {
    const full = resolve(root, name);
    const inside = relative(root, full);
    if (inside === ".." || inside.startsWith(`..${sep}`))
      throw new AppError("bad_request", { issues: [`${name} is not in ${path}`] });
    return full;
  };
  const stored = async (name: string): Promise<string | null> => {
    const plain = filePath(name);
    if (await exists(plain)) return plain;
    return (await exists(`${plain}.gz`)) ? `${plain}.gz` : null;
  };
  return {
    path,
    filePath,
    async names(ending) {
      const all = onlyFile ? [basename(named)] : await readdir(root).catch(() => []);
      const names = all.map((name) => name.replace(/\.gz$/, ""));
      return [...new Set(names.filter((name) => name.endsWith(ending)))].sort();
    },
    async folders() {
      const folders = new Map<string, EvaluationData>();
      const all = onlyFile ? [] : await readdir(root).catch(() => []);
      for (const name of all.sort())
        if (await isFolder(filePath(name)))
          folders.set(name, createEvaluationFolder(join(path, name)));
      return folders;
    },
    has: async (name) => (await stored(name)) !== null,
    async *lines(name) {
      const found = await stored(name);
      if (found === null) throw new AppError("not_found", {}, { cause: new Error(filePath(name)) });
      const file = createReadStream(found);
      const input = found.endsWith(".gz") ? file.pipe(createGunzip()) : file;
      for await (const line of createInterface({ input, crlfDelay: Infinity }))
        if (line.trim() !== "") yield line;
    },
  };
}
