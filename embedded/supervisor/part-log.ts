import {
  createWriteStream,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  type WriteStream,
} from "node:fs";
import { dirname } from "node:path";

const logLimitBytes = 10_000_000;

export interface PartLog {
  readonly write: (bytes: Buffer) => void;
  readonly end: () => void;
}

/** One file, and the one before it: what a part says, above all of requests that were refused, must not fill the disk. */
export function openLog(path: string, limitBytes: number = logLimitBytes): PartLog {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  // A full disk must not end what is running. Opened at once, so that what is still to be written moves with its file.
  const open = (): WriteStream | null => {
    try {
      const stream = createWriteStream("", { fd: openSync(path, "a", 0o600) });
      return stream.on("error", () => undefined);
    } catch {
      return null;
    }
  };
  const turn = (): void => {
    try {
      renameSync(path, `${path}.1`);
    } catch {
      // It goes on in the same file.
    }
    size = 0;
  };
  if (size > limitBytes) turn();
  let stream = open();
  return {
    write: (bytes) => {
      if (size > limitBytes) {
        stream?.end();
        turn();
        stream = open();
      }
      size += bytes.length;
      stream?.write(bytes);
    },
    end: () => stream?.end(),
  };
}
