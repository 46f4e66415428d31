import { createSocket } from "node:dgram";

export interface DnsServer {
  /** `HOST:PORT`, as a resolver takes it. */
  readonly address: string;
  /** What it answers from now on, by name in lower case; `null` = it says nothing at all. */
  answer(records: DnsRecords | null): void;
  stop(): Promise<void>;
}

export interface DnsRecords {
  readonly a?: Readonly<Record<string, readonly string[]>>;
  readonly srv?: Readonly<
    Record<
      string,
      readonly {
        readonly priority: number;
        readonly weight: number;
        readonly port: number;
        readonly target: string;
      }[]
    >
  >;
}

const typeA = 1;
const typeSrv = 33;
const noSuchName = 3;

/** A real name server over UDP (RFC 1035, RFC 2782), for the names that a test gives it. */
export async function startDnsServer(): Promise<DnsServer> {
  let records: DnsRecords | null = {};
  const socket = createSocket("udp4");
  socket.on("message", (message, from) => {
    if (records === null) return;
    socket.send(answerTo(message, records), from.port, from.address);
  });
  await new Promise<void>((resolve) => {
    socket.bind(0, "127.0.0.1", resolve);
  });
  const { port } = socket.address();
  return {
    address: `127.0.0.1:${String(port)}`,
    answer(next) {
      records = next;
    },
    stop: () =>
      new Promise((resolve) => {
        socket.close(() => {
          resolve();
        });
      }),
  };
}

function answerTo(query: Buffer, { a = {}, srv = {} }: DnsRecords): Buffer {
  const { name, end } = readName(query, 12);
  const type = query.readUInt16BE(end);
  const question = query.subarray(12, end + 4);
  const known = name in a || name in srv;
  const data =
    type === typeA
      ? (a[name] ?? []).map((address) => Buffer.from(address.split(".").map(Number)))
      : type === typeSrv
        ? (srv[name] ?? []).map(({ priority, weight, port, target }) => {
            const head = Buffer.alloc(6);
            head.writeUInt16BE(priority, 0);
            head.writeUInt16BE(weight, 2);
            head.writeUInt16BE(port, 4);
            return Buffer.concat([head, writeName(target)]);
          })
        : [];
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | (known ? 0 : noSuchName), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(data.length, 6);
  return Buffer.concat([header, question, ...data.map((entry) => resource(type, entry))]);
}

function resource(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  // The name is the question's: a pointer to it.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(1, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function readName(message: Buffer, from: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = from;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 1 };
}

const writeName = (name: string): Buffer =>
  Buffer.concat([
    ...name
      .replace(/\.$/, "")
      .split(".")
      .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, "latin1")])),
    Buffer.from([0]),
  ]);
