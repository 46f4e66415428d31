import type { z } from "zod";
import { AppError } from "../core/errors/app-error.ts";

const jsonLimitBytes = 1024 * 1024;

async function readAll(
  request: Request,
  limitBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const declared = Number(request.headers.get("content-length") ?? "0");
  if (declared > limitBytes) throw new AppError("payload_too_large", { limitBytes });
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of chunksOf(request, signal)) {
    bytes += part.byteLength;
    if (bytes > limitBytes) throw new AppError("payload_too_large", { limitBytes });
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** A client that keeps us waiting longer than this in all must have sent at least 1 KB for each second of it. */
const patienceMs = 10_000;
const slowestBytesPerMs = 1;

/** One read; rejects when the signal aborts or the client has used up `leftMs`. */
async function readWithin(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  leftMs: number,
  signal: AbortSignal,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  const ended = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    ended.reject(new AppError("deadline_exceeded", { reason: "the client sends too slowly" }));
  }, leftMs);
  const leave = () => {
    ended.reject(signal.reason as Error);
  };
  signal.addEventListener("abort", leave, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([reader.read(), ended.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", leave);
  }
}

/** The bytes of a request as they come; ends with the signal's reason when it aborts. Throws `deadline_exceeded` for a client that trickles. */
export async function* chunksOf(
  request: Request,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  if (request.body === null) return;
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  let earnedMs = patienceMs;
  try {
    for (;;) {
      const startedAt = performance.now();
      const { done, value } = await readWithin(reader, Math.max(1, earnedMs), signal);
      if (done) return;
      // Only our waiting counts: a disk that is slow to take the bytes is not the client's fault.
      earnedMs -= performance.now() - startedAt;
      earnedMs = Math.min(patienceMs, earnedMs + value.byteLength / slowestBytesPerMs);
      yield value;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

/** Paths and reasons only: a fault never repeats what was sent. */
export const issuesOf = (error: z.ZodError): readonly string[] =>
  error.issues.slice(0, 10).map((issue) => {
    const path = issue.path.map(String).join(".").slice(0, 100);
    const reason =
      issue.code === "unrecognized_keys" ? "has unknown keys" : issue.code.replaceAll("_", " ");
    return path === "" ? reason : `${path}: ${reason}`;
  });

/** Throws `bad_request`, `payload_too_large`. */
export async function readJson<S extends z.ZodType>(
  request: Request,
  schema: S,
  signal: AbortSignal,
): Promise<z.output<S>> {
  const bytes = await readAll(request, jsonLimitBytes, signal);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new AppError("bad_request", { issues: ["the body is not JSON"] }, { cause });
  }
  const parsed = await schema.safeParseAsync(value);
  if (!parsed.success) throw new AppError("bad_request", { issues: issuesOf(parsed.error) });
  return parsed.data;
}
