import { createReadStream, createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";
import { installError } from "./install-error.ts";

/**
 * A Python wheel is a zip archive. Only what wheels use is read: stored and deflated members, no encryption, no
 * zip64 (members and archive below 4 GiB). Layout: PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16.
 */
export interface WheelMember {
  readonly name: string;
  readonly method: "stored" | "deflated";
  readonly compressedBytes: number;
  readonly bytes: number;
  readonly headerOffset: number;
}

const endSignature = 0x06054b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;
const endRecordBytes = 22;
const centralRecordBytes = 46;
const localRecordBytes = 30;
const longestComment = 0xffff;

const readAt = async (file: FileHandle, position: number, length: number): Promise<Buffer> => {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length) throw installError("bad_archive", "The package ends too early.");
  return buffer;
};

const findEndRecord = async (file: FileHandle, size: number): Promise<Buffer> => {
  const length = Math.min(size, endRecordBytes + longestComment);
  const tail = await readAt(file, size - length, length);
  for (let at = tail.length - endRecordBytes; at >= 0; at--) {
    if (tail.readUInt32LE(at) === endSignature) return tail.subarray(at);
  }
  throw installError("bad_archive", "The package is not a zip archive.");
};

const methodOf = (code: number, name: string): WheelMember["method"] => {
  if (code === 0) return "stored";
  if (code === 8) return "deflated";
  throw installError(
    "bad_archive",
    `${name} is packed by method ${String(code)}, which wheels do not use.`,
  );
};

const readDirectory = (directory: Buffer, count: number): WheelMember[] => {
  const members: WheelMember[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (
      at + centralRecordBytes > directory.length ||
      directory.readUInt32LE(at) !== centralSignature
    )
      throw installError("bad_archive", "The package's table of contents is damaged.");
    const nameBytes = directory.readUInt16LE(at + 28);
    const extraBytes = directory.readUInt16LE(at + 30);
    const commentBytes = directory.readUInt16LE(at + 32);
    const nameStart = at + centralRecordBytes;
    const name = directory.toString("utf8", nameStart, nameStart + nameBytes);
    members.push({
      name,
      method: methodOf(directory.readUInt16LE(at + 10), name),
      compressedBytes: directory.readUInt32LE(at + 20),
      bytes: directory.readUInt32LE(at + 24),
      headerOffset: directory.readUInt32LE(at + 42),
    });
    at = nameStart + nameBytes + extraBytes + commentBytes;
  }
  return members;
};

/** @throws InstallError bad_archive */
export const listWheel = async (path: string): Promise<readonly WheelMember[]> => {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    if (size < endRecordBytes)
      throw installError("bad_archive", "The package is not a zip archive.");
    const end = await findEndRecord(file, size);
    const directory = await readAt(file, end.readUInt32LE(16), end.readUInt32LE(12));
    return readDirectory(directory, end.readUInt16LE(10));
  } finally {
    await file.close();
  }
};

const dataStart = async (path: string, member: WheelMember): Promise<number> => {
  const file = await open(path, "r");
  try {
    const header = await readAt(file, member.headerOffset, localRecordBytes);
    if (header.readUInt32LE(0) !== localSignature)
      throw installError("bad_archive", `${member.name} is not where the package says it is.`);
    const skipped = header.readUInt16LE(26) + header.readUInt16LE(28);
    return member.headerOffset + localRecordBytes + skipped;
  } finally {
    await file.close();
  }
};

const extract = async (
  path: string,
  member: WheelMember,
  target: string,
  options: { readonly onBytes?: (bytes: number) => void; readonly signal?: AbortSignal },
): Promise<void> => {
  const start = await dataStart(path, member);
  let written = 0;
  const unpack = member.method === "deflated" ? createInflateRaw() : new PassThrough();
  await pipeline(
    createReadStream(path, {
      start,
      end: start + member.compressedBytes - 1,
      highWaterMark: 1 << 18,
    }),
    unpack,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        written += chunk.length;
        if (written > member.bytes)
          throw installError("bad_archive", `${member.name} is larger than announced.`);
        options.onBytes?.(written);
        yield chunk;
      }
    },
    createWriteStream(target),
    options.signal === undefined ? {} : { signal: options.signal },
  );
  if (written !== member.bytes)
    throw installError("bad_archive", `${member.name} is shorter than announced.`);
};

/**
 * Writes one member of a wheel to a file, in pieces, so that memory stays small.
 *
 * @param onBytes bytes written so far
 * @throws InstallError bad_archive when the archive is damaged or lacks the member
 */
export const extractFromWheel = async (
  path: string,
  name: string,
  target: string,
  options: { readonly onBytes?: (bytes: number) => void; readonly signal?: AbortSignal } = {},
): Promise<void> => {
  const member = (await listWheel(path)).find((candidate) => candidate.name === name);
  if (member === undefined) throw installError("bad_archive", `The package holds no ${name}.`);
  await extract(path, member, target, options);
};
