import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** A door before a node: the node can be taken away and brought back without anyone touching it. */
export interface Gate {
  /** Where the node is reached through the door. */
  readonly url: string;
  /** Bytes that came from the node since the door was made. */
  readonly receivedBytes: () => number;
  /** Cuts every connection and refuses new ones, as a dead node does. */
  readonly close: () => Promise<void>;
  readonly open: () => Promise<void>;
}

/** @param target address of a node that speaks plain HTTP */
export async function startGate(target: string): Promise<Gate> {
  const { hostname, port: targetPort } = new URL(target);
  const sockets = new Set<Socket>();
  let received = 0;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    const node = connect(Number(targetPort || "80"), hostname);
    keep(client);
    keep(node);
    node.on("data", (bytes) => (received += bytes.length));
    client.pipe(node).pipe(client);
    client.on("close", () => node.destroy());
    node.on("close", () => client.destroy());
  });
  const listen = async (port: number): Promise<number> => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  return {
    url: `http://127.0.0.1:${String(port)}`,
    receivedBytes: () => received,
    async open() {
      if (!server.listening) await listen(port);
    },
    async close() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
