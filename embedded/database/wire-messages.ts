/** The client's half of the Postgres wire protocol, version 3: cutting a byte stream into messages, and the few answers that never reach the engine. */

export const messageType = {
  bind: 0x42,
  close: 0x43,
  describe: 0x44,
  parse: 0x50,
  query: 0x51,
  sync: 0x53,
  terminate: 0x58,
  functionCall: 0x46,
  flush: 0x48,
};

const sslRequestCode = 80_877_103;
const gssRequestCode = 80_877_104;
const cancelRequestCode = 80_877_102;
const maxMessageBytes = 256 * 1024 * 1024;

export type StartupKind = "encryption" | "cancel" | "startup";

export interface MessageReader {
  /** Adds bytes that arrived. */
  readonly push: (bytes: Buffer) => void;
  /** The next whole message, or undefined until more arrives. Throws when the stream is no such protocol. */
  readonly next: () => Buffer | undefined;
}

/** Before the first StartupMessage a message has no type byte; `started` tells when that has passed. */
export function createMessageReader(started: () => boolean): MessageReader {
  let chunks: Buffer[] = [];
  let pendingBytes = 0;
  return {
    push: (bytes) => {
      chunks.push(bytes);
      pendingBytes += bytes.length;
    },
    next: () => {
      const beforeBody = started() ? headerBytes : headerBytes - 1;
      if (pendingBytes < beforeBody) return undefined;
      if ((chunks[0]?.length ?? 0) < beforeBody) chunks = [Buffer.concat(chunks)];
      const head = chunks[0] ?? Buffer.alloc(0);
      const lengthBytes = head.readInt32BE(beforeBody - 4);
      if (lengthBytes < 4 || lengthBytes > maxMessageBytes)
        throw new Error("not a Postgres message");
      const totalBytes = lengthBytes + beforeBody - 4;
      if (pendingBytes < totalBytes) return undefined;
      const all = chunks.length === 1 ? head : Buffer.concat(chunks);
      const rest = all.subarray(totalBytes);
      chunks = rest.length > 0 ? [rest] : [];
      pendingBytes = rest.length;
      return all.subarray(0, totalBytes);
    },
  };
}

const headerBytes = 5;
const aStatement = 0x53; // "S": what Describe and Close are about

/** Where a message of a client names a prepared statement; `null` when it names none. */
function statementAt(message: Buffer): number | null {
  const [type] = message;
  if (type === messageType.parse) return headerBytes;
  if (type === messageType.bind) return message.indexOf(0, headerBytes) + 1; // after the portal's name
  const isAbout = type === messageType.describe || type === messageType.close;
  return isAbout && message[headerBytes] === aStatement ? headerBytes + 1 : null;
}

/** The prepared statement that a message is about, by its name; `null` for none and for the nameless one. */
export function statementOf(message: Buffer): string | null {
  const at = statementAt(message);
  if (at === null) return null;
  const name = message.toString("utf8", at, message.indexOf(0, at));
  return name === "" ? null : name;
}

/** The message with `prefix` before the name of the prepared statement that it is about. */
export function withPrefixedStatement(message: Buffer, prefix: string): Buffer {
  const at = statementAt(message);
  if (at === null || statementOf(message) === null) return message;
  const longer = Buffer.concat([
    message.subarray(0, at),
    Buffer.from(prefix),
    message.subarray(at),
  ]);
  longer.writeInt32BE(longer.length - 1, 1);
  return longer;
}

export function startupKind(message: Buffer): StartupKind {
  const code = message.readInt32BE(4);
  if (code === sslRequestCode || code === gssRequestCode) return "encryption";
  return code === cancelRequestCode ? "cancel" : "startup";
}

/** An ErrorResponse that ends the connection. */
export function fatalError(sqlState: string, text: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${sqlState}\0M${text}\0\0`);
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

export const syncMessage = Buffer.from([messageType.sync, 0, 0, 0, 4]);
