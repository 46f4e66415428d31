import { open, readdir, type FileHandle } from "node:fs/promises";
import { join } from "node:path";

const blockBytes = 512;
const pieceBytes = 1024 * 1024;

/** One header of the ustar format (POSIX.1-1988, IEEE Std 1003.1). Names here are short: a database folder's own. */
function header(name: string, sizeBytes: number, mode: number, isFolder: boolean): Buffer {
  if (Buffer.byteLength(name) > 100)
    throw new Error(`The name ${name} is too long for a snapshot.`);
  const block = Buffer.alloc(blockBytes);
  const octal = (value: number, width: number): string =>
    `${value.toString(8).padStart(width - 1, "0")}\0`;
  block.write(name, 0);
  block.write(octal(mode & 0o777, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(sizeBytes, 12), 124);
  block.write(octal(0, 12), 136);
  block.fill(" ", 148, 156);
  block.write(isFolder ? "5" : "0", 156);
  block.write("ustar\u000000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

/** Writes the tree under `dir` to `file`, one piece in memory at a time, and answers the bytes written. */
export async function writeTarOf(dir: string, file: FileHandle): Promise<number> {
  const piece = Buffer.alloc(pieceBytes);
  let written = 0;
  const put = async (bytes: Buffer): Promise<void> => {
    await file.write(bytes);
    written += bytes.length;
  };
  const putFile = async (name: string): Promise<void> => {
    const source = await open(join(dir, name), "r");
    try {
      const { size, mode } = await source.stat();
      await put(header(name, size, mode, false));
      for (let left = size; left > 0;) {
        const { bytesRead } = await source.read(piece, 0, Math.min(left, pieceBytes));
        if (bytesRead === 0) throw new Error(`${name} became shorter while it was copied.`);
        await put(piece.subarray(0, bytesRead));
        left -= bytesRead;
      }
      await put(Buffer.alloc((blockBytes - (size % blockBytes)) % blockBytes));
    } finally {
      await source.close();
    }
  };
  const visit = async (relative: string): Promise<void> => {
    const entries = await readdir(join(dir, relative), { withFileTypes: true });
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const name = relative === "" ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory()) {
        await put(header(`${name}/`, 0, 0o700, true));
        await visit(name);
      } else if (entry.isFile() && name !== "postmaster.pid") {
        await putFile(name);
      }
    }
  };
  await visit("");
  await put(Buffer.alloc(blockBytes * 2));
  return written;
}
