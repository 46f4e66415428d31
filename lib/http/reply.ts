import { Readable } from "node:stream";

/** Sent with every answer of a route: nobody but the asking browser keeps it, and no browser takes it for a page. */
export const standardHeaders: Readonly<Record<string, string>> = {
  "cache-control": "private, no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
};

export const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json; charset=utf-8" },
  });

export const noContent = (status: 202 | 204 = 204): Response => new Response(null, { status });

/** For a browser that came by a link: it goes on as a GET. */
export const redirectTo = (url: string): Response =>
  new Response(null, { status: 303, headers: { location: url } });

/** Cookies add to those that the session itself renewed. */
export function withCookies(response: Response, cookies: readonly string[]): Response {
  for (const cookie of cookies) response.headers.append("set-cookie", cookie);
  return response;
}

/** A file name as RFC 6266 and RFC 8187 write it: one line, whatever the name holds. */
export function attachmentHeader(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\%]/g, "_").slice(0, 150);
  const encoded = encodeURIComponent(fileName.toWellFormed().slice(0, 200)).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** A stored file: always saved, never shown, whatever it claims to be. */
export const attachment = (file: {
  readonly content: Readable;
  readonly fileName: string;
}): Response =>
  new Response(Readable.toWeb(file.content) as ReadableStream<Uint8Array>, {
    headers: {
      "content-type": "application/octet-stream",
      "content-disposition": attachmentHeader(file.fileName),
    },
  });

/** As `attachment`, for text that is made while it is sent. */
export const textAttachment = (file: {
  readonly pieces: AsyncIterable<string>;
  readonly fileName: string;
}): Response =>
  attachment({
    content: Readable.from(file.pieces, { objectMode: false }),
    fileName: file.fileName,
  });

/** As `attachment`, for a text that was just written. */
export const writtenAttachment = (text: string, fileName: string): Response =>
  attachment({ content: Readable.from([Buffer.from(text)]), fileName });

/** Adds what every answer carries; a route's own header of the same name stays, except cookies, which add up. */
export function finish(
  response: Response,
  extra: {
    readonly requestId: string;
    readonly cookies: readonly string[];
    readonly secure: boolean;
  },
): Response {
  for (const [name, value] of Object.entries(standardHeaders))
    if (!response.headers.has(name)) response.headers.set(name, value);
  if (extra.secure) response.headers.set("strict-transport-security", "max-age=31536000");
  response.headers.set("x-request-id", extra.requestId);
  for (const cookie of extra.cookies) response.headers.append("set-cookie", cookie);
  return response;
}
