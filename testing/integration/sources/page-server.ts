import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createEncryptedServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A key and a certificate for one host name, signed by itself, that is worth something for a day. */
export async function ownCertificate(host: string): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), "drover-certificate-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  try {
    await promisify(execFile)("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-days", "1", "-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`],
      ...["-keyout", key, "-out", cert],
    ]);
    return { key: await readFile(key, "utf8"), cert: await readFile(cert, "utf8") };
  } finally {
    await rm(folder, { recursive: true });
  }
}

export interface PageServer {
  readonly port: number;
  /** Paths asked for so far, in order. */
  readonly asked: string[];
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  close(): Promise<void>;
}

/** A web server on loopback whose answers a test decides; with a certificate, an encrypted one. */
export async function startPageServer(certificate?: Certificate): Promise<PageServer> {
  const asked: string[] = [];
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    asked.push(`${request.headers.host ?? ""}${request.url ?? ""}`);
    running.answer(request, response);
  };
  const server =
    certificate === undefined ? createServer(take) : createEncryptedServer(certificate, take);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const running: PageServer = {
    port: (server.address() as AddressInfo).port,
    asked,
    answer: (_request, response) => response.writeHead(404).end(),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return running;
}
