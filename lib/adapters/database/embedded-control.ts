import { createConnection } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { AppError, isAppError } from "../../core/errors/app-error.ts";

/** The control socket stands beside the embedded database's own. */
export function controlPathOf(databaseUrl: string): string | undefined {
  const folder = new URL(databaseUrl).searchParams.get("host");
  return folder?.startsWith("/") === true ? join(folder, "control") : undefined;
}

export interface EmbeddedState {
  readonly pid: number;
  readonly uptimeMs: number;
  readonly connections: number;
  readonly residentBytes: number;
}

/** @throws AppError `database_unavailable` when the embedded database does not answer. */
export const embeddedState = (databaseUrl: string): Promise<EmbeddedState> =>
  ask<EmbeddedState>(databaseUrl, { do: "state" });

/**
 * Has the running embedded database write a copy of itself into a folder that does not exist yet. The copy opens as of its end;
 * statements go on meanwhile, `heldMs` is the longest time in which none could run.
 * @param originals folders: the originals of documents, and where those are kept that the copy's rows name; rows alone without
 * @throws AppError `database_unavailable` with what went wrong.
 */
export const writeEmbeddedImage = (
  databaseUrl: string,
  path: string,
  originals?: { readonly from: string; readonly to: string },
): Promise<{ readonly bytes: number; readonly tookMs: number; readonly heldMs: number }> =>
  ask(databaseUrl, { do: "image", path, originals });

async function ask<T>(databaseUrl: string, request: object): Promise<T> {
  const path = controlPathOf(databaseUrl);
  if (path === undefined) {
    throw new AppError("database_unavailable", { reason: "this is not the embedded database" });
  }
  const socket = createConnection(path);
  try {
    socket.write(`${JSON.stringify(request)}\n`);
    for await (const line of createInterface({ input: socket })) {
      const answer = JSON.parse(line) as T & { readonly ok: boolean; readonly reason?: string };
      if (answer.ok) return answer;
      throw new AppError("database_unavailable", { reason: answer.reason ?? "no reason given" });
    }
    throw new AppError("database_unavailable", { reason: "the embedded database hung up" });
  } catch (error) {
    if (isAppError(error)) throw error;
    throw new AppError("database_unavailable", { reason: String(error) }, { cause: error });
  } finally {
    socket.destroy();
  }
}
