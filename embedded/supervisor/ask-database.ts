import { createConnection } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setupFailure } from "./setup-failure.ts";

/**
 * One request to the control socket of the embedded database at this address.
 * @throws Error with its reason in a sentence.
 */
export async function askDatabase(databaseUrl: string, request: object): Promise<void> {
  const folder = new URL(databaseUrl).searchParams.get("host") ?? "";
  const socket = createConnection(join(folder, "control"));
  try {
    socket.write(`${JSON.stringify(request)}\n`);
    for await (const line of createInterface({ input: socket })) {
      const answer = JSON.parse(line) as { readonly ok: boolean; readonly reason?: string };
      if (answer.ok) return;
      throw setupFailure(answer.reason ?? "The database gave no reason.");
    }
    throw setupFailure("The database ended meanwhile.");
  } finally {
    socket.destroy();
  }
}
