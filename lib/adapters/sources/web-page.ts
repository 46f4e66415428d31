import { createHash } from "node:crypto";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { Readable } from "node:stream";
import { Agent, type Dispatcher, request } from "undici";
import {
  allowedHosts,
  parseWebTarget,
  refusalOf,
  type WebTarget,
} from "../../core/access/web-target.ts";
import { isAppError } from "../../core/errors/app-error.ts";
import type { SourceReader } from "../../ports/source-reader.ts";
import { refused } from "./source-refused.ts";

export interface WebPagesDeps {
  /** Every address that a name stands for now. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** Hosts of the own network that an admin allows, as typed. */
  readonly allowed: () => string;
  readonly limitBytes: () => number;
  /** What a page may take with all its redirects; a minute unless said. */
  readonly wholeMs?: number;
}

const mostRedirects = 5;
const connectMs = 5_000;
const silenceMs = 10_000;
const longestMs = 60_000;
const mostBytes = 50_000_000;

/** Ending of the file that a page is kept as. What is not here is not read. */
const endings: Readonly<Record<string, string>> = {
  "text/html": "html",
  "application/xhtml+xml": "html",
  "text/plain": "txt",
  "text/markdown": "md",
  "text/csv": "csv",
  "application/json": "json",
  "application/pdf": "pdf",
  "application/rtf": "rtf",
  "application/epub+zip": "epub",
  "application/vnd.oasis.opendocument.text": "odt",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
};

const resolveByName = async (host: string): Promise<readonly string[]> =>
  (await lookup(host, { all: true })).map(({ address }) => address);

interface Page {
  readonly fileName: string;
  readonly bytes: Buffer;
}

/**
 * Follows single web pages. Each address on the way is read once, its host resolved once, every address that it stands for judged,
 * and the connection made to one of those and no other; a redirect is a new address.
 */
export function createWebPages(deps: WebPagesDeps): SourceReader {
  const { resolve = resolveByName, wholeMs = longestMs } = deps;

  /** @returns the address to connect to */
  const judge = async (target: WebTarget): Promise<string> => {
    const found =
      isIP(target.host) > 0 ? [target.host] : await resolve(target.host).catch(() => []);
    const reason = refusalOf(target, found, allowedHosts(deps.allowed()));
    const [address] = found;
    if (reason !== null || address === undefined) throw refused(reason ?? "It has no address.");
    return address;
  };

  const fetchPage = async (location: string, signal: AbortSignal): Promise<Page | null> => {
    let target = readTarget(location);
    for (let hops = 0; hops <= mostRedirects; hops += 1) {
      const address = await judge(target);
      const outcome = await ask(target, address, Math.min(deps.limitBytes(), mostBytes), signal);
      if (!(outcome instanceof URL)) return outcome;
      if (target.url.protocol === "https:" && outcome.protocol === "http:")
        throw refused("This page leads from an encrypted address to one that is not.");
      target = readTarget(outcome.href);
    }
    throw refused("This page leads on and on.");
  };

  return {
    check: async (location) => {
      await judge(readTarget(location));
    },
    async *items(location, signal) {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(wholeMs)]);
      const page = await fetchPage(location, limited).catch((error: unknown) => {
        signal.throwIfAborted();
        throw isAppError(error) ? error : refused("This page does not answer.", error);
      });
      if (page === null) return;
      const sha256 = createHash("sha256").update(page.bytes).digest("hex");
      const open = () => Promise.resolve(Readable.from([page.bytes]));
      yield { path: location, fileName: page.fileName, sha256, open };
    },
  };
}

function readTarget(text: string): WebTarget {
  const target = parseWebTarget(text);
  if (typeof target === "string") throw refused(target);
  return target;
}

/** One request to one address. @returns the page, null when it is gone for good, or where it leads. */
async function ask(
  target: WebTarget,
  address: string,
  limitBytes: number,
  signal: AbortSignal,
): Promise<Page | URL | null> {
  const family = isIP(address);
  const dispatcher = new Agent({
    connections: 1,
    maxHeaderSize: 16_384,
    connect: {
      timeout: connectMs,
      lookup: (_host, options, callback) => {
        if (options.all === true) callback(null, [{ address, family }]);
        else callback(null, address, family);
      },
    },
  });
  try {
    const answer = await request(target.url, {
      ...{ dispatcher, signal, headersTimeout: silenceMs, bodyTimeout: silenceMs },
      headers: {
        accept: "text/html, */*;q=.5",
        "accept-encoding": "identity",
        "user-agent": "Drover",
      },
    });
    answer.body.on("error", () => undefined); // left early on purpose
    return await outcomeOf(target, answer, limitBytes);
  } finally {
    await dispatcher.destroy();
  }
}

async function outcomeOf(
  target: WebTarget,
  { statusCode, headers, body }: Dispatcher.ResponseData,
  limitBytes: number,
): Promise<Page | URL | null> {
  const { location } = headers;
  if (statusCode >= 300 && statusCode < 400 && typeof location === "string") {
    if (!URL.canParse(location, target.url)) throw refused("This page leads nowhere.");
    return new URL(location, target.url);
  }
  if (statusCode === 404 || statusCode === 410) return null;
  if (statusCode !== 200) throw refused(`This page answers ${String(statusCode)}.`);
  const ending = endingOf(headers);
  return { fileName: fileNameOf(target, ending), bytes: await gather(body, limitBytes) };
}

function endingOf(headers: Dispatcher.ResponseData["headers"]): string {
  if ((headers["content-encoding"] ?? "identity") !== "identity")
    throw refused("This page comes compressed although that was not asked for.");
  const type = String(headers["content-type"] ?? "").split(";")[0] ?? "";
  const ending = endings[type.trim().toLowerCase()];
  if (ending === undefined) throw refused("This kind of content is not read.");
  return ending;
}

async function gather(body: AsyncIterable<Buffer>, limitBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > limitBytes) throw refused("This page is larger than files may be here.");
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function fileNameOf({ url, host }: WebTarget, ending: string): string {
  const last = url.pathname.split("/").findLast((part) => part !== "") ?? host;
  const stem = last.replace(/\.[A-Za-z0-9]{1,5}$/, "");
  return `${stem === "" ? host : decodeSafely(stem)}.${ending}`;
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
