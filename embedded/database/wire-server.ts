import { createServer, type Server, type Socket } from "node:net";
import type { PGlite } from "@electric-sql/pglite";
import { createTurnQueue, type TurnQueue } from "./turn-queue.ts";
import {
  createMessageReader,
  fatalError,
  messageType,
  startupKind,
  syncMessage,
} from "./wire-messages.ts";

export interface WireServerOptions {
  readonly engine: PGlite;
  readonly socketPath: string;
  readonly maxConnections: number;
  /** A transaction in which the client says nothing for this long is rolled back and its connection ended: it blocks everyone. */
  readonly idleTransactionMs: number;
}

export interface WireServer {
  readonly connections: () => number;
  /** Runs `work` while no statement and no transaction is under way. */
  readonly exclusively: (work: () => Promise<void>) => Promise<void>;
  readonly close: () => Promise<void>;
}

const controlSessionId = 0;

/**
 * Postgres' wire protocol over one PGlite engine. A turn is everything up to Sync (or one simple query), so that two clients'
 * Parse and Bind can never mix, also when a message arrives in pieces.
 */
export async function startWireServer(options: WireServerOptions): Promise<WireServer> {
  const turns = createTurnQueue();
  const sockets = new Set<Socket>();
  let lastSessionId = controlSessionId;
  const server = createServer((socket) => {
    if (sockets.size >= options.maxConnections) {
      socket.on("error", () => socket.destroy());
      socket.end(fatalError("53300", "too many connections to the embedded database"));
      return;
    }
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    lastSessionId += 1;
    serveSession(socket, lastSessionId, turns, options);
  });
  await listen(server, options.socketPath);
  return {
    connections: () => sockets.size,
    exclusively: (work) =>
      turns.run(controlSessionId, async () => {
        await work();
        return false;
      }),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
      // Whatever turn is running ends first: the engine must not be closed under it.
      await turns.run(controlSessionId, () => Promise.resolve(false));
    },
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function serveSession(
  socket: Socket,
  sessionId: number,
  turns: TurnQueue,
  { engine, idleTransactionMs }: WireServerOptions,
): void {
  let started = false;
  let ended = false;
  let batch: Buffer[] = [];
  let unsynced = false;
  let idleTimer: NodeJS.Timeout | undefined;
  const reader = createMessageReader(() => started);

  const send = (bytes: Uint8Array): void => {
    if (!socket.writable || bytes.length === 0) return;
    socket.write(Buffer.from(bytes)); // a copy: the engine reuses its memory
  };
  const execute = (messages: readonly Buffer[]): Promise<boolean> =>
    engine.runExclusive(async () => {
      for (const message of messages) {
        await engine.execProtocolRawStream(new Uint8Array(message), { onRawData: send });
      }
      return unsynced || engine.isInTransaction();
    });
  const submit = (messages: readonly Buffer[], leavesOpen: boolean): void => {
    clearTimeout(idleTimer);
    turns
      .run(sessionId, async () => {
        if (ended) return turns.owner() === sessionId;
        unsynced = leavesOpen;
        return execute(messages);
      })
      .then(watchIdleTransaction, () => socket.destroy());
  };
  const watchIdleTransaction = (): void => {
    if (ended || turns.owner() !== sessionId) return;
    idleTimer = setTimeout(() => {
      if (turns.owner() !== sessionId) return;
      socket.end(fatalError("25P03", "terminating connection due to idle-in-transaction timeout"));
      leave();
    }, idleTransactionMs);
  };
  const leave = (): void => {
    if (ended) return;
    ended = true;
    clearTimeout(idleTimer);
    turns.forget(sessionId);
    // Its turn comes at once if it owns the engine, else after the others: then there is nothing left to end.
    turns
      .run(sessionId, () => endTransactionOf(engine, sessionId, turns, unsynced))
      .catch(() => undefined);
  };
  const takeStartup = (message: Buffer): void => {
    switch (startupKind(message)) {
      case "encryption":
        socket.write("N");
        return;
      case "cancel":
        socket.end();
        return;
      case "startup":
        started = true;
        submit([message], false);
    }
  };
  const takeMessage = (message: Buffer): void => {
    if (!started) {
      takeStartup(message);
      return;
    }
    const type = message[0];
    if (type === messageType.terminate) {
      socket.end();
      leave();
      return;
    }
    batch.push(message);
    const ends =
      type === messageType.sync || type === messageType.query || type === messageType.functionCall;
    if (!ends && type !== messageType.flush) return;
    const whole = batch;
    batch = [];
    submit(whole, !ends);
  };
  socket.setNoDelay(true);
  socket.on("data", (bytes: Buffer) => {
    try {
      reader.push(bytes);
      for (let message = reader.next(); message !== undefined && !ended; message = reader.next()) {
        takeMessage(message);
      }
    } catch {
      socket.destroy();
    }
  });
  socket.on("error", () => socket.destroy());
  socket.once("close", leave);
}

async function endTransactionOf(
  engine: PGlite,
  sessionId: number,
  turns: TurnQueue,
  unsynced: boolean,
): Promise<boolean> {
  if (turns.owner() !== sessionId) return engine.isInTransaction();
  await engine.runExclusive(async () => {
    if (unsynced) await engine.execProtocolRawStream(new Uint8Array(syncMessage), {});
  });
  if (engine.isInTransaction()) await engine.exec("ROLLBACK");
  return false;
}
