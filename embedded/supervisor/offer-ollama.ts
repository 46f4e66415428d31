import { existsSync } from "node:fs";
import type { Config } from "../../lib/config.ts";

const lookForMs = 500;

/** An Ollama on this machine is offered before weights are fetched for the first time, never taken silently. */
export async function offerOllama(
  config: Config,
  say: (sentence: string) => void,
  ollamaUrl = "http://127.0.0.1:11434",
): Promise<void> {
  if (existsSync(config.modelsDir)) return;
  const signal = AbortSignal.timeout(lookForMs);
  const answer = await fetch(`${ollamaUrl}/api/version`, { signal }).catch(() => undefined);
  await answer?.body?.cancel();
  if (answer?.ok !== true) return;
  const { host } = new URL(ollamaUrl);
  say(
    `An Ollama answers on ${host}. Drover uses nodes of its own; to use that one, put OLLAMA_NODES into .env (see .env.example) and start again.`,
  );
}
