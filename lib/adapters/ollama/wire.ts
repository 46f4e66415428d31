import { z } from "zod";

/** What Drover reads of Ollama's answers; everything else in them is ignored. Counters are left out by Ollama when zero. */
const count = z.number().nonnegative().default(0);

const errorLine = z.object({ error: z.string() });

// Chat answers carry `message`, generate answers `response`.
const openChunk = z.object({
  message: z.object({ content: z.string().default("") }).optional(),
  response: z.string().optional(),
  done: z.literal(false),
});

const lastChunk = z.object({
  message: z.object({ content: z.string().default("") }).optional(),
  response: z.string().optional(),
  done: z.literal(true),
  done_reason: z.string().default("stop"),
  total_duration: count,
  load_duration: count,
  prompt_eval_count: count,
  prompt_eval_cached_count: count,
  prompt_eval_duration: count,
  eval_count: count,
  eval_duration: count,
});

type ChatLine = z.ZodType<z.output<typeof errorLine | typeof openChunk | typeof lastChunk>>;

/** What a line of an answer has to be, by what it says of itself: tried one after another they would cost every token two failures. */
export function chatLineOf(line: unknown): ChatLine {
  if (typeof line !== "object" || line === null || "error" in line) return errorLine;
  return "done" in line && line.done === true ? lastChunk : openChunk;
}
export type LastChunk = z.output<typeof lastChunk>;

/** A server that does not know the request's flag answers as usual, without this part. */
export const renderedAnswer = z.object({
  _debug_info: z.object({ rendered_template: z.string() }).optional(),
});

export const pullLine = z.union([
  errorLine,
  z.object({ status: z.string(), completed: count, total: count }),
]);

export const embedAnswer = z.object({
  embeddings: z.array(z.array(z.number()).min(1)),
  prompt_eval_count: count,
});

/** Drover's own nodes answer so, as llama.cpp's server does; Ollama has no such route. */
export const rerankAnswer = z.object({
  results: z.array(
    z.object({ index: z.int().nonnegative(), relevance_score: z.number().min(0).max(1) }),
  ),
});

export const versionAnswer = z.object({ version: z.string().min(1).max(200) });

export const tagsAnswer = z.object({
  // An empty store may answer with null.
  models: z
    .array(
      z.object({
        name: z.string(),
        digest: z.string().default(""),
        size: count,
        capabilities: z.array(z.string()).default([]),
      }),
    )
    .nullable(),
});

export const psAnswer = z.object({
  models: z
    .array(
      z.object({
        name: z.string(),
        digest: z.string().default(""),
        expires_at: z.string().default(""),
      }),
    )
    .nullable(),
});

export const errorAnswer = errorLine;
