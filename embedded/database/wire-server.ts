import { createServer, type Server, type Socket } from "node:net";
import type { PGlite } from "@electric-sql/pglite";
import { createTurnQueue, type TurnQueue } from "./turn-queue.ts";
import {
  createMessageReader,
  fatalError,
  messageType,
  startupKind,
  statementOf,
  syncMessage,
  withPrefixedStatement,
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
    const isFull = sockets.size >= options.maxConnections;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    if (isFull) {
      socket.on("error", () => socket.destroy()).resume(); // unread, it would never close
      socket.end(fatalError("53300", "too many connections to the embedded database"));
      return;
    }
    lastSessionId += 1;
    serveSession(socket, createSession(socket, lastSessionId, turns, options));
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

/** What one client has to say to the engine, a turn at a time. */
interface Session {
  readonly send: (bytes: Uint8Array) => void;
  /** `leavesOpen`: the client asked for answers before its batch is over (Flush), so it keeps the engine. */
  readonly submit: (messages: readonly Buffer[], leavesOpen: boolean) => void;
  /** Takes back what the client left unfinished. */
  readonly leave: () => void;
  readonly ended: () => boolean;
}

function createSession(
  socket: Socket,
  id: number,
  turns: TurnQueue,
  { engine, idleTransactionMs }: WireServerOptions,
): Session {
  let ended = false;
  let unsynced = false;
  const statements = new Set<string>();
  const prefix = `${String(id)}/`;
  let idleTimer: NodeJS.Timeout | undefined;
  const send = (bytes: Uint8Array): void => {
    if (!socket.writable || bytes.length === 0) return;
    socket.write(Buffer.from(bytes)); // a copy: the engine reuses its memory
  };
  const execute = (messages: readonly Buffer[]): Promise<boolean> =>
    engine.runExclusive(async () => {
      for (const message of messages) {
        const name = message[0] === messageType.parse ? statementOf(message) : null;
        if (name !== null) statements.add(name);
      }
      // At once: the engine flushes at the end of what it is given, and each flush is a packet that the client wakes up for.
      const batch = Buffer.concat(messages.map((one) => withPrefixedStatement(one, prefix)));
      await engine.execProtocolRawStream(new Uint8Array(batch), { onRawData: send });
      return unsynced || engine.isInTransaction();
    });
  const leave = (): void => {
    if (ended) return;
    ended = true;
    clearTimeout(idleTimer);
    turns.forget(id);
    turns
      .run(id, async () => {
        // Its turn comes at once if it owns the engine, else after the others: then there is nothing left to end.
        if (turns.owner() === id) await endTransaction(engine, unsynced);
        await forgetStatements(engine, statements, prefix);
        return false;
      })
      .catch(() => undefined);
  };
  const watchIdleTransaction = (): void => {
    if (ended || turns.owner() !== id) return;
    idleTimer = setTimeout(() => {
      if (turns.owner() !== id) return;
      socket.end(fatalError("25P03", "terminating connection due to idle-in-transaction timeout"));
      leave();
    }, idleTransactionMs);
  };
  const submit = (messages: readonly Buffer[], leavesOpen: boolean): void => {
    clearTimeout(idleTimer);
    turns
      .run(id, async () => {
        if (ended) return turns.owner() === id;
        unsynced = leavesOpen;
        return execute(messages);
      })
      .then(watchIdleTransaction, () => socket.destroy());
  };
  return { send, submit, leave, ended: () => ended };
}

async function endTransaction(engine: PGlite, unsynced: boolean): Promise<void> {
  if (unsynced) {
    const message = new Uint8Array(syncMessage);
    await engine.runExclusive(() =>
      engine.execProtocolRawStream(message, { onRawData: () => undefined }),
    );
  }
  if (engine.isInTransaction()) await engine.exec("ROLLBACK");
}

/**
 * One backend serves every client, and drivers give the same names in each connection, so a session's prepared statements carry its
 * own prefix there, and go with it.
 */
async function forgetStatements(
  engine: PGlite,
  statements: ReadonlySet<string>,
  prefix: string,
): Promise<void> {
  for (const name of statements)
    await engine
      .exec(`DEALLOCATE "${(prefix + name).replaceAll('"', '""')}"`)
      .catch(() => undefined); // it was refused or closed
}

const endsBatch = (type: number | undefined): boolean =>
  type === messageType.sync || type === messageType.query || type === messageType.functionCall;

function serveSession(socket: Socket, session: Session): void {
  let started = false;
  let batch: Buffer[] = [];
  const reader = createMessageReader(() => started);

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
        session.submit([message], false);
    }
  };
  const takeMessage = (message: Buffer): void => {
    const type = message[0];
    if (type === messageType.terminate) {
      socket.end();
      session.leave();
      return;
    }
    batch.push(message);
    if (!endsBatch(type) && type !== messageType.flush) return;
    session.submit(batch, !endsBatch(type));
    batch = [];
  };

  socket.setNoDelay(true);
  socket.on("data", (bytes: Buffer) => {
    try {
      reader.push(bytes);
      for (let message = reader.next(); message !== undefined; message = reader.next()) {
        if (session.ended()) return;
        if (started) takeMessage(message);
        else takeStartup(message);
      }
    } catch {
      socket.destroy();
    }
  });
  socket.on("error", () => socket.destroy());
  socket.once("close", session.leave);
}
