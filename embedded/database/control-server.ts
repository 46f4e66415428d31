import { createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { isAbsolute } from "node:path";
import type { ImageResult } from "./image.ts";

export interface ControlActions {
  readonly state: () => object;
  readonly image: (path: string) => Promise<ImageResult>;
  readonly stop: () => void;
}

/** One JSON object a line in, one out: {"do":"state"}, {"do":"image","path":…}, {"do":"stop"}. */
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
    answer(line, actions).then(
      (result) => socket.write(`${JSON.stringify({ ok: true, ...result })}\n`),
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        socket.write(`${JSON.stringify({ ok: false, reason })}\n`);
      },
    );
  });
}

async function answer(line: string, actions: ControlActions): Promise<object> {
  const request = JSON.parse(line) as { readonly do?: unknown; readonly path?: unknown };
  switch (request.do) {
    case "state":
      return actions.state();
    case "image":
      if (typeof request.path !== "string" || !isAbsolute(request.path))
        throw new Error("A copy needs an absolute path.");
      return actions.image(request.path);
    case "stop":
      actions.stop();
      return {};
    default:
      throw new Error("Ask for state, image or stop.");
  }
}
