/** The client's half of the Postgres wire protocol, version 3: cutting a byte stream into messages, and the few answers that never reach the engine. */

export const messageType = {
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
      const headerBytes = started() ? 5 : 4;
      if (pendingBytes < headerBytes) return undefined;
      if ((chunks[0]?.length ?? 0) < headerBytes) chunks = [Buffer.concat(chunks)];
      const head = chunks[0] ?? Buffer.alloc(0);
      const lengthBytes = head.readInt32BE(headerBytes - 4);
      if (lengthBytes < 4 || lengthBytes > maxMessageBytes)
        throw new Error("not a Postgres message");
      const totalBytes = lengthBytes + headerBytes - 4;
      if (pendingBytes < totalBytes) return undefined;
      const all = chunks.length === 1 ? head : Buffer.concat(chunks);
      const rest = all.subarray(totalBytes);
      chunks = rest.length > 0 ? [rest] : [];
      pendingBytes = rest.length;
      return all.subarray(0, totalBytes);
    },
  };
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
