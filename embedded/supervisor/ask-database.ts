import { createConnection, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setupFailure } from "./setup-failure.ts";

/**
 * One request to the control socket of the embedded database at this address.
 * @throws Error with its reason in a sentence.
 */
export async function askDatabase(databaseUrl: string, request: object): Promise<void> {
  (await heldRequest(databaseUrl, request)).destroy();
}

/**
 * From now on the embedded database at this address refuses to change anything, until `release` is called or this process ends.
 * @throws Error with its reason in a sentence.
 */
export async function holdWrites(databaseUrl: string): Promise<{ readonly release: () => void }> {
  const socket = await heldRequest(databaseUrl, { do: "hold" });
  return { release: () => socket.destroy() };
}

async function heldRequest(databaseUrl: string, request: object): Promise<Socket> {
  const folder = new URL(databaseUrl).searchParams.get("host") ?? "";
  const socket = createConnection(join(folder, "control"));
  try {
    socket.write(`${JSON.stringify(request)}\n`);
    const answer = await firstAnswer(socket);
    if (!answer.ok) throw setupFailure(answer.reason ?? "The database gave no reason.");
    socket.on("error", () => undefined);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

interface Answer {
  readonly ok: boolean;
  readonly reason?: string;
}

function firstAnswer(socket: Socket): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: socket });
    lines.once("line", (line) => {
      resolve(JSON.parse(line) as Answer);
    });
    lines.once("close", () => {
      reject(setupFailure("The database ended meanwhile."));
    });
    socket.once("error", reject);
    lines.on("error", reject);
  });
}
