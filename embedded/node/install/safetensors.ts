import { open } from "node:fs/promises";
import { installError } from "./install-error.ts";

/** A tensor inside a safetensors file: f32 only, `shape` as stored (slowest dimension first). */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly read: () => Promise<Float32Array>;
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const longestHeaderBytes = 16 * 1024 * 1024;

/**
 * Opens a safetensors file: eight bytes with the header's length, a JSON header, then the data.
 *
 * @throws InstallError bad_archive when it is not one
 */
export const openSafetensors = async (
  path: string,
): Promise<{
  readonly tensor: (name: string) => StoredTensor;
  readonly close: () => Promise<void>;
}> => {
  const file = await open(path, "r");
  const start = Buffer.alloc(8);
  await file.read(start, 0, 8, 0);
  const headerBytes = Number(start.readBigUInt64LE());
  if (headerBytes > longestHeaderBytes) {
    await file.close();
    throw installError("bad_archive", "The weights are not a safetensors file.");
  }
  const header = Buffer.alloc(headerBytes);
  await file.read(header, 0, headerBytes, 8);
  const entries = JSON.parse(header.toString("utf8")) as Readonly<
    Record<string, HeaderEntry | undefined>
  >;
  const tensor = (name: string): StoredTensor => {
    const entry = entries[name];
    if (entry?.dtype !== "F32")
      throw installError("bad_archive", `The weights hold no f32 tensor ${name}.`);
    const [from, to] = entry.data_offsets;
    return {
      shape: entry.shape,
      read: async () => {
        const data = new Uint8Array(to - from);
        await file.read(data, 0, data.length, 8 + headerBytes + from);
        return new Float32Array(data.buffer);
      },
    };
  };
  return { tensor, close: () => file.close() };
};
