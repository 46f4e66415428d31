import { isAppError } from "../../core/errors/app-error.ts";
import type { ModelNode, PullProgress } from "../../ports/model-node.ts";
import { readNdjson } from "./ndjson.ts";
import { asFault, type CallLimits, type OllamaConnection } from "./ollama-connection.ts";
import { pullLine } from "./wire.ts";

// A load says nothing until it is over; who asks for one limits it by the signal.
const loadLimits: CallLimits = { firstTokenMs: 0, interTokenMs: 30_000 };
// Ollama gives up a stalled part after 30 s and begins again.
const pullLimits: CallLimits = { firstTokenMs: 60_000, interTokenMs: 300_000 };

type Kind = "chat" | "embedding";

/** What Drover changes on a node: memory and disk. Never on behalf of a person's or a program's call. */
export function manageModels(
  connection: OllamaConnection,
): Pick<ModelNode, "load" | "unload" | "pull" | "removeModel"> {
  const keep = async (
    model: string,
    kind: Kind,
    keepAlive: number,
    signal: AbortSignal,
  ): Promise<void> => {
    const path = kind === "chat" ? "/api/generate" : "/api/embed";
    const body = {
      model,
      keep_alive: keepAlive,
      ...(kind === "chat" ? { stream: false } : {}),
    };
    const response = await connection.stream(path, body, loadLimits, signal);
    await response.body.dump();
  };
  return {
    load: (model, kind, signal) => keep(model, kind, -1, signal),
    unload: (model, kind, signal) => keep(model, kind, 0, signal),
    pull: (model, signal) => pull(connection, model, signal),
    async removeModel(model, signal) {
      const body = { model };
      const response = await connection.stream("/api/delete", body, pullLimits, signal, "DELETE");
      await response.body.dump();
    },
  };
}

async function* pull(
  connection: OllamaConnection,
  model: string,
  signal: AbortSignal,
): AsyncGenerator<PullProgress, void> {
  const body = { model, stream: true };
  const response = await connection.stream("/api/pull", body, pullLimits, signal);
  let isInstalled = false;
  try {
    for await (const value of readNdjson(response.body, connection.fault)) {
      const line = pullLine.safeParse(value);
      if (!line.success) throw connection.fault("garbage", line.error);
      // A missing model is a 200 with an error line (ollama.md section 1).
      if ("error" in line.data) throw connection.fault("error-line", line.data.error);
      const { status, completed, total } = line.data;
      isInstalled = status === "success";
      yield { status, completedBytes: completed, totalBytes: total };
    }
  } catch (error) {
    throw isAppError(error) ? error : asFault(error, signal, connection.fault);
  } finally {
    response.body.destroy();
  }
  if (!isInstalled) throw connection.fault("no-done");
}
