import { AppError } from "#lib/core/errors/app-error.ts";
import type { EvaluationData } from "#lib/ports/evaluation-data.ts";

/** Lines of text, or rows that become lines of JSON, by the name of the file. */
type MemoryFiles = Readonly<Record<string, readonly (object | string)[]>>;

/** A folder of data that is nowhere on disk, with further folders in it. */
export function createMemoryEvaluationData(
  files: MemoryFiles,
  folders: Readonly<Record<string, MemoryFiles>> = {},
): EvaluationData {
  return {
    path: "folder",
    has: (name) => Promise.resolve(name in files),
    names: () => Promise.resolve(Object.keys(files)),
    folders: () =>
      Promise.resolve(
        new Map(
          Object.entries(folders).map(([name, its]) => [name, createMemoryEvaluationData(its)]),
        ),
      ),
    filePath: (name) => name,
    async *lines(name) {
      const rows = files[name];
      if (rows === undefined) throw new AppError("not_found", {}, { cause: new Error(name) });
      for (const row of rows)
        if (row !== "")
          yield await Promise.resolve(typeof row === "string" ? row : JSON.stringify(row));
    },
  };
}
