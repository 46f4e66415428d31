import { open } from "node:fs/promises";
import { extname } from "node:path";
import { AppError, isAppError } from "../../core/errors/app-error.ts";
import { zipEntries } from "./check-zip.ts";
import { type Format, formats, type ZipStructure } from "./formats.ts";

const headBytes = 65_536;
// The directory of a zip file stands at its end, so the whole file is needed.
const largestZipBytes = 64 * 1024 * 1024;

async function readHead(path: string, limit: number): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.min(size, limit));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Beginnings of formats that are never text, whatever their name says. */
const signatures: readonly (readonly number[])[] = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x50, 0x4b, 0x05, 0x06],
  [0x25, 0x50, 0x44, 0x46, 0x2d],
  [0xd0, 0xcf, 0x11, 0xe0],
  [0x7b, 0x5c, 0x72, 0x74, 0x66],
  [0x1f, 0x8b],
  [0x7f, 0x45, 0x4c, 0x46],
  [0x4d, 0x5a, 0x90],
  [0x89, 0x50, 0x4e, 0x47],
  [0xff, 0xd8, 0xff],
  [0x47, 0x49, 0x46, 0x38],
  [0x52, 0x49, 0x46, 0x46],
  [0x25, 0x21, 0x50, 0x53],
];

const beginsWith = (head: Buffer, signature: readonly number[]): boolean =>
  signature.every((byte, index) => head[index] === byte);

const isText = (head: Buffer): boolean => {
  if (signatures.some((signature) => beginsWith(head, signature))) return false;
  const marked = beginsWith(head, [0xff, 0xfe]) || beginsWith(head, [0xfe, 0xff]);
  const zeros = head.subarray(0, 4096).filter((byte) => byte === 0).length;
  // UTF-16 of Western text is up to half zero bytes; anything else with zeros is no text.
  return marked || zeros === 0 || (zeros > head.length * 0.15 && zeros <= head.length * 0.5);
};

function hasMarkup(head: Buffer): boolean {
  const text = head.toString("latin1").replaceAll("\0", "");
  return /<(?:!doctype\s+html|html|head|body|title|meta|h[1-6]|p|div|table|ul|ol|span|a|br)[\s>/]/i.test(
    text,
  );
}

/** Parts by which each kind of zip file is known; all must be there. */
const zipParts: Readonly<Record<ZipStructure, readonly RegExp[]>> = {
  docx: [/^\/?\[Content_Types\]\.xml$/, /^\/?word\/document\d*\.xml$/i],
  pptx: [/^\/?\[Content_Types\]\.xml$/, /^\/?ppt\/presentation\d*\.xml$/i],
  xlsx: [/^\/?\[Content_Types\]\.xml$/, /^\/?xl\/workbook\d*\.xml$/i],
  odt: [/^mimetype$/, /^content\.xml$/, /^META-INF\/manifest\.xml$/],
  epub: [/^META-INF\/container\.xml$/, /\.opf$/i],
};
/** Where a cut-off archive still shows what it was meant to be. */
const zipTraces: Readonly<Record<ZipStructure, string>> = {
  docx: "word/",
  pptx: "ppt/",
  xlsx: "xl/",
  odt: "application/vnd.oasis.opendocument.text",
  epub: "application/epub+zip",
};

async function isZipOf(structure: ZipStructure, path: string, head: Buffer): Promise<boolean> {
  if (!beginsWith(head, [0x50, 0x4b])) return false;
  // Spreadsheets and drawings have the same parts as texts: the first entry says which it is, stored as it is.
  if (structure === "odt" && !head.subarray(0, 200).includes(zipTraces.odt)) return false;
  try {
    const names = zipEntries(await readHead(path, largestZipBytes)).map((entry) => entry.name);
    return zipParts[structure].every((part) => names.some((name) => part.test(name)));
  } catch (error) {
    // A cut-off archive with the right name is a damaged document: its reader says so in words.
    if (isAppError(error, "document_unreadable")) return head.includes(zipTraces[structure]);
    throw error;
  }
}

async function fits(format: Format, path: string, head: Buffer): Promise<boolean> {
  switch (format.structure) {
    case "text":
      return isText(head);
    case "html":
      return isText(head) && hasMarkup(head);
    case "pdf":
      // Some writers put a few bytes before the header, and readers accept them.
      return head.subarray(0, 1024).includes("%PDF-");
    case "rtf":
      return beginsWith(head, [0x7b, 0x5c, 0x72, 0x74, 0x66]);
    case "docx":
    case "pptx":
    case "xlsx":
    case "odt":
    case "epub":
      return isZipOf(format.structure, path, head);
    default:
      return format.structure satisfies never;
  }
}

const office: readonly Format["structure"][] = ["docx", "pptx", "xlsx"];

/** An encrypted Office file is an OLE container that keeps the name of the document. */
const isEncryptedOffice = (format: Format, head: Buffer): boolean =>
  office.includes(format.structure) && beginsWith(head, [0xd0, 0xcf, 0x11, 0xe0]);

/** What to do with kinds that people often have and that are not read. */
const advice: Readonly<Record<string, string>> = {
  ".doc": "Save it as .docx and upload that.",
  ".dot": "Save it as .docx and upload that.",
  ".docm": "Save it as .docx, without macros, and upload that.",
  ".ppt": "Save it as .pptx and upload that.",
  ".pptm": "Save it as .pptx, without macros, and upload that.",
  ".xls": "Save it as .xlsx and upload that.",
  ".xlsm": "Save it as .xlsx, without macros, and upload that.",
  ".ods": "Save it as .xlsx or .csv and upload that.",
  ".odp": "Save it as .pptx or .pdf and upload that.",
  ".pages": "Export it as .docx or .pdf and upload that.",
  ".key": "Export it as .pptx or .pdf and upload that.",
  ".numbers": "Export it as .xlsx or .csv and upload that.",
  ".zip": "Unpack it and upload the files in it.",
  ".mht": "Save the page as .html and upload that.",
  ".eml": "Save the message as .txt or .pdf and upload that.",
  ".msg": "Save the message as .txt or .pdf and upload that.",
};

/** Pictures, sound and film hold no text that could be read. */
const picture = /^\.(?:png|jpe?g|gif|webp|bmp|tiff?|svg|heic|avif)$/;
const media = /^\.(?:mp[34]|m4a|wav|ogg|flac|mov|avi|mkv|webm)$/;

function adviceFor(extension: string): string {
  if (extension === "")
    return "The name of the file has no ending that says what it is, such as .pdf.";
  if (picture.test(extension))
    return "Pictures are not read. Run text recognition (OCR) on it, and upload the result as .pdf or .txt.";
  if (media.test(extension)) return `Files of the kind ${extension} hold no text that can be read.`;
  const name = extension.slice(0, 20);
  return `Files of the kind ${name} cannot be read. ${advice[extension] ?? "Save it as .pdf, .docx or .txt and upload that."}`;
}

/**
 * The media type that the file's name and its bytes agree on.
 * @throws AppError `unsupported_type`, `document_encrypted`, `document_empty`, each with what to do
 */
export async function detectType(path: string, fileName: string): Promise<string> {
  const extension = extname(fileName).toLowerCase();
  const format = formats.find((candidate) => candidate.extensions.includes(extension));
  if (format === undefined)
    throw new AppError("unsupported_type", { reason: adviceFor(extension) });
  const head = await readHead(path, headBytes);
  if (head.length === 0) throw new AppError("document_empty", { reason: "The file is empty." });
  if (isEncryptedOffice(format, head)) throw new AppError("document_encrypted", {});
  if (await fits(format, path, head)) return format.mediaType;
  throw new AppError("unsupported_type", {
    reason: `The file is called ${extension}, but its content is something else. Give it its right ending and upload it again.`,
  });
}
