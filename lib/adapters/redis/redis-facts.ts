import { once } from "node:events";
import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { RedisFacts } from "../../ports/deployment-facts.ts";

const patienceMs = 5000;

const open = async (url: URL): Promise<Socket> => {
  const host = url.hostname;
  const port = Number(url.port || "6379");
  const secure = url.protocol === "rediss:";
  const socket = secure
    ? connectTls({ host, port, servername: host })
    : connectPlain({ host, port });
  socket.setTimeout(patienceMs, () => socket.destroy(new Error("no answer within 5 s")));
  await once(socket, secure ? "secureConnect" : "connect");
  return socket;
};

const encode = (words: readonly string[]): string =>
  `*${String(words.length)}\r\n${words.map((word) => `$${String(Buffer.byteLength(word))}\r\n${word}\r\n`).join("")}`;

/** One of the two replies that are asked for: a line, or a text of a stated length. Undefined while more has to come. */
const parseReply = (text: string): string | undefined => {
  const end = text.indexOf("\r\n");
  if (end < 0) return undefined;
  const line = text.slice(0, end);
  if (line.startsWith("-")) throw new Error(line.slice(1));
  if (!line.startsWith("$")) return line.slice(1);
  const rest = Buffer.from(text.slice(end + 2));
  const length = Number(line.slice(1));
  return rest.length < length + 2 ? undefined : rest.toString("utf8", 0, length);
};

const ask = async (socket: Socket, ...words: readonly string[]): Promise<string> => {
  socket.write(encode(words));
  let text = "";
  for (;;) {
    const [bytes] = (await once(socket, "data")) as [Buffer];
    text += bytes.toString("utf8");
    const reply = parseReply(text);
    if (reply !== undefined) return reply;
  }
};

const fieldOf = (info: string, name: string): string =>
  new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1] ?? "";

/** Asks a Redis what it is; the few words of its protocol that this takes are spoken here. @throws Error with a reason */
export async function readRedisFacts(address: string): Promise<RedisFacts> {
  const url = new URL(address);
  const socket = await open(url);
  try {
    if (url.password !== "") {
      const user = url.username === "" ? [] : [decodeURIComponent(url.username)];
      await ask(socket, "AUTH", ...user, decodeURIComponent(url.password));
    }
    const server = await ask(socket, "INFO", "server");
    const memory = await ask(socket, "INFO", "memory");
    return {
      version: fieldOf(server, "redis_version"),
      evictionPolicy: fieldOf(memory, "maxmemory_policy"),
      mostBytes: Number(fieldOf(memory, "maxmemory")),
    };
  } finally {
    socket.destroy();
  }
}
