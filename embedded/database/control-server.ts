import { createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { isAbsolute } from "node:path";
import type { ImageResult, Originals } from "./image.ts";

export interface ControlActions {
  readonly state: () => object;
  readonly image: (path: string, originals?: Originals) => Promise<ImageResult>;
  /** Keeps everyone from writing; resolves to what ends that. */
  readonly hold: () => Promise<() => Promise<void>>;
  readonly stop: () => void;
}

/**
 * One JSON object a line in, one out: {"do":"state"}, {"do":"image","path":…,"originals":{"from":…,"to":…}} (without the
 * last: rows alone), {"do":"hold"}, {"do":"stop"}. A hold lasts as long as the connection that asked for it, so that it ends with a
 * command that is killed.
 */
export async function startControlServer(path: string, actions: ControlActions): Promise<Server> {
  const server = createServer((socket) => {
    serve(socket, actions);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  server.unref();
  return server;
}

function serve(socket: Socket, actions: ControlActions): void {
  socket.on("error", () => socket.destroy());
  const lines = createInterface({ input: socket });
  lines.on("error", () => socket.destroy());
  lines.on("line", (line) => {
    answer(line, socket, actions).then(
      (result) => socket.write(`${JSON.stringify({ ok: true, ...result })}\n`),
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        socket.write(`${JSON.stringify({ ok: false, reason })}\n`);
      },
    );
  });
}

async function hold(socket: Socket, actions: ControlActions): Promise<object> {
  const release = await actions.hold();
  const end = (): void => {
    release().catch((error: unknown) => {
      process.stderr.write(`a hold did not end: ${String(error)}\n`);
    });
  };
  if (socket.destroyed) end();
  else socket.once("close", end);
  return {};
}

interface Request {
  readonly do?: unknown;
  readonly path?: unknown;
  readonly originals?: { readonly from?: unknown; readonly to?: unknown };
}

function originalsOf(given: Request["originals"]): Originals | undefined {
  if (given === undefined) return undefined;
  const { from, to } = given;
  if (typeof from === "string" && typeof to === "string" && isAbsolute(from) && isAbsolute(to))
    return { from, to };
  throw new Error("Originals need absolute paths.");
}

async function answer(line: string, socket: Socket, actions: ControlActions): Promise<object> {
  const request = JSON.parse(line) as Request;
  switch (request.do) {
    case "state":
      return actions.state();
    case "image":
      if (typeof request.path !== "string" || !isAbsolute(request.path))
        throw new Error("A copy needs an absolute path.");
      return actions.image(request.path, originalsOf(request.originals));
    case "hold":
      return hold(socket, actions);
    case "stop":
      actions.stop();
      return {};
    default:
      throw new Error("Ask for state, image, hold or stop.");
  }
}
