import { expect } from "vitest";

export interface StreamLine {
  readonly message?: { readonly content: string };
  readonly response?: string;
  readonly done: boolean;
  readonly done_reason?: string;
  readonly prompt_eval_count?: number;
  readonly prompt_eval_cached_count?: number;
  readonly eval_count?: number;
  readonly total_duration?: number;
  readonly load_duration?: number;
  readonly prompt_eval_duration?: number;
  readonly eval_duration?: number;
}

export const chatModel = "smollm2:135m";
export const embedModel = "all-minilm";

/** Text of about four tokens a sentence, different for every seed. */
export const longText = (sentences: number, seed: number): string =>
  Array.from({ length: sentences }, (_, index) => `Line ${String(index * 7 + seed)} is here.`).join(
    " ",
  );

export const post = (
  url: string,
  path: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<Response> =>
  fetch(`${url}${path}`, { method: "POST", body: JSON.stringify(body), ...(signal && { signal }) });

export const postJson = async <T>(url: string, path: string, body: unknown): Promise<T> => {
  const response = await post(url, path, body);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
};

export const chatBody = (
  content: string,
  numPredict: number,
): Readonly<Record<string, unknown>> => ({
  model: chatModel,
  messages: [{ role: "user", content }],
  options: { temperature: 0, seed: 1, num_predict: numPredict },
});

export const chatOnce = (url: string, content: string, numPredict: number): Promise<StreamLine> =>
  postJson(url, "/api/chat", { ...chatBody(content, numPredict), stream: false });

/** The lines of a streamed answer, one after another. */
export async function* linesOf(response: Response): AsyncGenerator<StreamLine> {
  let rest = "";
  for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield JSON.parse(line) as StreamLine;
  }
}

export const loadedNames = async (url: string): Promise<readonly string[]> => {
  const { models } = (await (await fetch(`${url}/api/ps`)).json()) as {
    models: { name: string }[];
  };
  return models.map(({ name }) => name);
};

/** What is left of an answer's time when loading, prefill and decoding are taken off: the wait for the slot. */
export const slotWaitMs = (line: StreamLine): number => {
  const parts = [line.load_duration, line.prompt_eval_duration, line.eval_duration];
  return parts.reduce<number>((left, part) => left - (part ?? 0), line.total_duration ?? 0) / 1e6;
};
