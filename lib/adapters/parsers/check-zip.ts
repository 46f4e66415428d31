import { createInflateRaw } from "node:zlib";
import { AppError } from "../../core/errors/app-error.ts";

const mebibyte = 1024 * 1024;
const limits = { entries: 10_000, inflatedBytes: 200 * mebibyte, ratio: 100, ratioFrom: mebibyte };

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly compressedSize: number;
  readonly headerOffset: number;
}

const unreadable = (reason: string) => new AppError("document_unreadable", { reason });
const bomb = (reason: string) => new AppError("document_too_complex", { reason });

function endRecord(view: DataView): number {
  const first = Math.max(0, view.byteLength - 65_557);
  for (let at = view.byteLength - 22; at >= first; at -= 1) {
    if (view.getUint32(at, true) === 0x06054b50) return at;
  }
  throw unreadable("The file is damaged: its archive directory is missing.");
}

/**
 * The directory of a zip file, read without inflating anything.
 * @throws AppError `document_unreadable` for a damaged one, `document_too_complex` for one that is built to exhaust its reader
 */
export function zipEntries(bytes: Uint8Array): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 22) throw unreadable("The file is damaged: it is cut off.");
  const end = endRecord(view);
  const count = view.getUint16(end + 10, true);
  if (count > limits.entries) throw bomb("too many entries");
  const names = new TextDecoder("utf-8");
  const entries: ZipEntry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50)
      throw unreadable("The file is damaged: its archive directory is broken.");
    const nameLength = view.getUint16(at + 28, true);
    entries.push({
      name: names.decode(bytes.subarray(at + 46, at + 46 + nameLength)),
      method: view.getUint16(at + 10, true),
      flags: view.getUint16(at + 8, true),
      compressedSize: view.getUint32(at + 20, true),
      headerOffset: view.getUint32(at + 42, true),
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

/** Where the compressed bytes of an entry lie. */
function dataRange(bytes: Uint8Array, entry: ZipEntry): readonly [number, number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = entry.headerOffset;
  if (at + 30 > bytes.byteLength || view.getUint32(at, true) !== 0x04034b50)
    throw unreadable("The file is damaged: a part of its archive is missing.");
  const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  const end = start + entry.compressedSize;
  if (end > bytes.byteLength) throw unreadable("The file is damaged: it is cut off.");
  return [start, end];
}

function checkLayout(bytes: Uint8Array, entries: readonly ZipEntry[]): void {
  const names = new Set(entries.map((entry) => entry.name.toLowerCase()));
  if (names.size !== entries.length) throw bomb("an entry stands twice in the archive");
  const ranges = entries
    .map((entry) => [entry.headerOffset, dataRange(bytes, entry)[1]] as const)
    .sort(([one], [other]) => one - other);
  const overlapping = ranges.some(
    ([start], index) => index > 0 && start < (ranges[index - 1]?.[1] ?? 0),
  );
  if (overlapping) throw bomb("entries of the archive overlap");
}

/** The compressed bytes of an entry. */
export function entryBytes(bytes: Uint8Array, entry: ZipEntry): Uint8Array {
  const [start, end] = dataRange(bytes, entry);
  return bytes.subarray(start, end);
}

/** Document type declarations bring entities, and entities bring bombs and foreign files. */
function hasDoctype(piece: Buffer): boolean {
  const text = piece.toString("latin1");
  return text.includes("<!DOCTYPE") || text.replaceAll("\0", "").includes("<!DOCTYPE");
}

async function inflate(bytes: Uint8Array, entry: ZipEntry, budget: number): Promise<number> {
  const [start, end] = dataRange(bytes, entry);
  const isMarkup = /\.(?:xml|rels|vml)$/i.test(entry.name);
  const stream = createInflateRaw();
  const pieces: AsyncIterable<Buffer> =
    entry.method === 8 ? stream : once(bytes.subarray(start, end));
  if (entry.method === 8) stream.end(bytes.subarray(start, end));
  let total = 0;
  let tail = Buffer.alloc(0);
  for await (const piece of pieces) {
    total += piece.length;
    if (total > budget) throw bomb("it unpacks to more than 200 MB");
    if (total > limits.ratioFrom && total > entry.compressedSize * limits.ratio)
      throw bomb("it unpacks to more than a hundred times its size");
    const seen = Buffer.concat([tail, piece]);
    if (isMarkup && hasDoctype(seen))
      throw unreadable("The file declares a document type, which Office files never do.");
    tail = seen.subarray(-32);
  }
  return total;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from(bytes));
}

/**
 * Unpacks every entry once, counting and keeping nothing, before any library may unpack it for real.
 * @throws AppError `document_unreadable`, `document_encrypted`, `document_too_complex`
 */
export async function checkZip(bytes: Uint8Array): Promise<readonly ZipEntry[]> {
  const entries = zipEntries(bytes);
  checkLayout(bytes, entries);
  let total = 0;
  for (const entry of entries) {
    if ((entry.flags & 1) === 1) throw new AppError("document_encrypted", {});
    if (entry.method !== 0 && entry.method !== 8)
      throw unreadable("The file is packed in a way that Office files never are.");
    try {
      total += await inflate(bytes, entry, limits.inflatedBytes - total);
    } catch (error) {
      if (error instanceof Error && "code" in error && String(error.code).startsWith("Z_"))
        throw unreadable("The file is damaged: a part of it cannot be unpacked.");
      throw error;
    }
  }
  return entries;
}
