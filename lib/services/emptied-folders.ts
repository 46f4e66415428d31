/** So many files gone at once from a folder that is still there look like a disk that is not. */
const fewest = 5;

/**
 * Folders that stand there with none of the files that they had, the outermost ones: where a disk was mounted an empty folder stays,
 * while somebody who clears a folder away seldom leaves it.
 */
export async function emptiedFolders(
  gone: readonly string[],
  seen: Iterable<string>,
  hasFolder: (path: string) => Promise<boolean>,
): Promise<readonly string[]> {
  const filled = new Set([...seen].flatMap(foldersOf));
  const lost = new Map<string, number>();
  for (const folder of gone.flatMap(foldersOf))
    if (!filled.has(folder)) lost.set(folder, (lost.get(folder) ?? 0) + 1);
  const emptied: string[] = [];
  for (const [folder, files] of [...lost].sort(([one], [other]) => one.length - other.length)) {
    if (files < fewest || emptied.some((outer) => isBelow(folder, outer))) continue;
    if (await hasFolder(folder)) emptied.push(folder);
  }
  return emptied;
}

export const isBelow = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);

/** Every folder on the way to a file. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
