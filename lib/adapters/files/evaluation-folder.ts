import { createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { AppError } from "../../core/errors/app-error.ts";
import type { EvaluationData } from "../../ports/evaluation-data.ts";

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Data sets as folders on disk, packed files read as if they were not. */
export function createEvaluationFolder(path: string): EvaluationData {
  const root = resolve(path);
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
