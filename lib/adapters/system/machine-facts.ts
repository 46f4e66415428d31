import { stat, statfs } from "node:fs/promises";
import type { FileFacts } from "../../ports/deployment-facts.ts";

const permissionBits = 0o777;

export async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

export const fileFacts = (path: string): Promise<FileFacts | null> =>
  stat(path).then(
    ({ mode }) => ({ mode: mode & permissionBits }),
    () => null,
  );
