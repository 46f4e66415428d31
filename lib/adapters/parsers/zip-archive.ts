import { inflateRawSync } from "node:zlib";
import { checkZip, entryBytes, type ZipEntry } from "./check-zip.ts";
import { decodeText } from "./decode-text.ts";

/** A zip file that has passed every check: what its entries hold, by name. */
export interface Archive {
  readonly names: readonly string[];
  has(name: string): boolean;
  /** `null` when there is no such entry. Names are compared as written, with or without a leading slash. */
  bytes(name: string): Buffer | null;
  /** Text of a markup entry, in whatever encoding it is. */
  text(name: string): string | null;
}

const withoutSlash = (name: string): string => name.replace(/^\/+/, "");

/** @throws AppError `document_unreadable`, `document_encrypted`, `document_too_complex` */
export async function openArchive(bytes: Uint8Array): Promise<Archive> {
  const entries = new Map<string, ZipEntry>();
  for (const entry of await checkZip(bytes)) entries.set(withoutSlash(entry.name), entry);
  const read = (name: string): Buffer | null => {
    const entry = entries.get(withoutSlash(name));
    if (entry === undefined) return null;
    const packed = entryBytes(bytes, entry);
    return entry.method === 8 ? inflateRawSync(packed) : Buffer.from(packed);
  };
  return {
    names: [...entries.keys()],
    has: (name) => entries.has(withoutSlash(name)),
    bytes: read,
    text: (name) => {
      const content = read(name);
      return content === null ? null : decodeText(content, "utf-8").text;
    },
  };
}

/** Where a relative reference in `from` points, as an entry name. */
export function resolveEntry(from: string, target: string): string {
  const folder = withoutSlash(from).split("/").slice(0, -1);
  const parts = target.startsWith("/") ? [] : folder;
  for (const part of withoutSlash(target).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
