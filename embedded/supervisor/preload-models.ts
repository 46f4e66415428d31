export interface PreloadOptions {
  readonly baseUrl: string;
  readonly chatModel: string;
  readonly embedModel: string;
  readonly signal: AbortSignal;
}

const keepForEver = -1;

/** Has a node load both models and keep them, so that nobody's first question waits for a load. */
export async function preloadModels(options: PreloadOptions): Promise<void> {
  await Promise.all([
    ask(options, "/api/embed", { model: options.embedModel, input: "", keep_alive: keepForEver }),
    ask(options, "/api/chat", { model: options.chatModel, messages: [], keep_alive: keepForEver }),
  ]);
}

async function ask({ baseUrl, signal }: PreloadOptions, path: string, body: object): Promise<void> {
  const response = await fetch(`${baseUrl}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The node could not load a model: ${text.slice(0, 200)}`);
}
