import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createWebPages } from "#lib/adapters/sources/web-page.ts";
import { isAppError } from "#lib/core/errors/app-error.ts";
import { hostileAddresses } from "./hostile-addresses.ts";
import { ownCertificate, type PageServer, startPageServer } from "./page-server.ts";

let server: PageServer;
/** What names stand for, one answer after the other; the last one stays. */
let names: Record<string, string[][]>;
const never = AbortSignal.any([]);

const pages = (allowed = `page.test:${String(server.port)}`, wholeMs = 60_000) =>
  createWebPages({
    wholeMs,
    allowed: () => allowed,
    limitBytes: () => 1_000_000,
    resolve: (host) => {
      const left = names[host] ?? [[]];
      return Promise.resolve((left.length > 1 ? left.shift() : left[0]) ?? []);
    },
  });

async function read(
  location: string,
  allowed?: string,
  wholeMs?: number,
): Promise<readonly { name: string; text: string }[]> {
  const found = [];
  for await (const item of pages(allowed, wholeMs).items(location, never)) {
    const pieces = await (await item.open()).toArray();
    found.push({ name: item.fileName, text: Buffer.concat(pieces as Buffer[]).toString() });
  }
  return found;
}
const reasonOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "none",
    (error: unknown) =>
      isAppError(error, "source_refused") ? (error.details.reason ?? "") : String(error),
  );
const at = (path: string, host = "page.test"): string =>
  `http://${host}:${String(server.port)}${path}`;

beforeAll(async () => {
  server = await startPageServer();
});
afterAll(() => server.close());
beforeEach(() => {
  names = { "page.test": [["127.0.0.1"]] };
  server.asked.length = 0;
  server.answer = (_request, response) =>
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<p>Hello</p>");
});

describe("a followed web page", () => {
  it("is read at the address that was judged, under its own name", async () => {
    expect(await read(at("/guide/Opening%20hours.aspx"))).toEqual([
      { name: "Opening hours.html", text: "<p>Hello</p>" },
    ]);
    expect(server.asked).toEqual([`page.test:${String(server.port)}/guide/Opening%20hours.aspx`]);
  });

  it("is not asked for in a network that no admin named, nor in any spelling of such an address", async () => {
    const port = String(server.port);
    const spellings = [
      "127.0.0.1",
      "127.1",
      "2130706433",
      "0x7f000001",
      "0177.0.0.1",
      "localhost.",
      "[::ffff:127.0.0.1]",
      "[::1]",
      "169.254.169.254",
      "[::ffff:a9fe:a9fe]",
    ];
    names["localhost."] = [["127.0.0.1"]];
    for (const host of spellings)
      expect(await reasonOf(read(`http://${host}:${port}/`, ""))).toMatch(/leads to/);
    names["page.test"] = [["10.0.0.1"]];
    expect(await reasonOf(read(at("/"), ""))).toContain("private network");
    expect(server.asked).toEqual([]);
  });

  it("is not asked for in any of a thousand addresses on which programs disagree", async () => {
    names["localhost"] = [["127.0.0.1"]];
    names["localhost."] = [["127.0.0.1"]];
    names["127.0.0.1.nip.test"] = [["127.0.0.1"]];
    names["metadata"] = [["169.254.169.254"]];
    const addresses = hostileAddresses(server.port);
    expect(addresses.length).toBeGreaterThan(891);
    const letThrough = [];
    for (const address of addresses)
      if ((await reasonOf(read(address, ""))) === "none") letThrough.push(address);
    expect(letThrough).toEqual([]);
    expect(server.asked).toEqual([]);
  });

  it("is connected to where its name led when it was judged, not where it leads a moment later", async () => {
    names["page.test"] = [["127.0.0.1"], ["169.254.169.254"]];
    expect(await read(at("/"))).toHaveLength(1);
    // And the other way round: the first answer is fit, the one that a second look would give is the server's.
    names["page.test"] = [["192.0.2.1"], ["127.0.0.1"]];
    expect(await reasonOf(read(at("/")))).toContain("nothing is ever asked");
    expect(server.asked).toHaveLength(1);
  });

  it("may lead elsewhere a few times, and each place is judged anew", async () => {
    const lead = (to: (path: string) => string) => {
      server.answer = (request, response) =>
        response.writeHead(302, { location: to(request.url ?? "") }).end();
    };
    names["inside.test"] = [["127.0.0.1"]];
    lead(() => at("/admin", "inside.test"));
    expect(await reasonOf(read(at("/")))).toContain("this machine");
    lead(() => "http://169.254.169.254/latest/meta-data");
    expect(await reasonOf(read(at("/")))).toContain("nothing is ever asked");
    lead(() => "file:///etc/passwd");
    expect(await reasonOf(read(at("/")))).toContain("https://");
    server.asked.length = 0;
    lead((path) => `${path}a`);
    expect(await reasonOf(read(at("/")))).toContain("on and on");
    expect(server.asked).toHaveLength(6);
  });

  it("is not left for one that anybody on the way can read and change", async () => {
    const trusted = getCACertificates();
    const certificate = await ownCertificate("page.test");
    const encrypted = await startPageServer(certificate);
    try {
      setDefaultCACertificates([...trusted, certificate.cert]);
      const allowed = `page.test:${String(encrypted.port)}, page.test:${String(server.port)}`;
      const from = `https://page.test:${String(encrypted.port)}/`;
      const lead = (location: string) => {
        encrypted.answer = ({ url }, response) =>
          url === "/"
            ? response.writeHead(302, { location }).end()
            : response.writeHead(200, { "content-type": "text/plain" }).end("safe");
      };
      lead("/next");
      expect(await read(from, allowed)).toEqual([{ name: "next.txt", text: "safe" }]);
      lead(at("/next"));
      expect(await reasonOf(read(from, allowed))).toContain("encrypted address to one that is not");
      expect(server.asked).toEqual([]);
    } finally {
      setDefaultCACertificates(trusted);
      await encrypted.close();
    }
  });

  it("is gone when the server says so, and only then", async () => {
    server.answer = (_request, response) => response.writeHead(410).end();
    expect(await read(at("/"))).toEqual([]);
    server.answer = (_request, response) => response.writeHead(503).end();
    expect(await reasonOf(read(at("/")))).toContain("503");
    server.answer = (request) => request.socket.destroy();
    expect(await reasonOf(read(at("/")))).toContain("does not answer");
  });

  it("is refused when it is too large, compressed or of a kind that is not read", async () => {
    server.answer = (_request, response) => {
      response.writeHead(200, { "content-type": "text/plain" });
      response.on("error", () => undefined).end(Buffer.alloc(2_000_000));
    };
    expect(await reasonOf(read(at("/")))).toContain("larger");
    server.answer = (_request, response) =>
      response
        .writeHead(200, { "content-type": "text/plain", "content-encoding": "gzip" })
        .end("x");
    expect(await reasonOf(read(at("/")))).toContain("compressed");
    server.answer = (_request, response) =>
      response.writeHead(200, { "content-type": "image/png" }).end("x");
    expect(await reasonOf(read(at("/")))).toContain("not read");
  });

  it("is given up when it takes too long as a whole, however steadily it comes", async () => {
    server.answer = (_request, response) => {
      response.writeHead(200, { "content-type": "text/plain" });
      const drip = (): void => {
        if (!response.destroyed) response.write(".", () => setImmediate(drip));
      };
      drip();
    };
    expect(await reasonOf(read(at("/"), undefined, 150))).toContain("does not answer");
  });
});
