import { createConnection } from "node:net";
import { createInterface } from "node:readline";
import { pause } from "./pause.ts";

/** How the supervisor finds out that a part hangs although its process lives. */
export interface HealthCheck {
  /** Resolves when the part answers; rejects, or never settles, when it does not. */
  readonly ask: (port: number | null, signal: AbortSignal) => Promise<void>;
  readonly everyMs: number;
  /** An answer that takes longer counts as none. */
  readonly timeoutMs: number;
  /** Unanswered questions in a row until the part counts as hung. */
  readonly patience: number;
}

/** Resolves once the part has left `patience` questions in a row unanswered; without an answer to that, when `ended` is aborted. */
export async function untilHung(
  { ask, everyMs, timeoutMs, patience }: HealthCheck,
  port: number | null,
  ended: AbortSignal,
): Promise<"hung" | "ended"> {
  for (let unanswered = 0; unanswered < patience;) {
    await pause(everyMs, ended);
    if (ended.aborted) return "ended";
    const asked = AbortSignal.any([ended, AbortSignal.timeout(timeoutMs)]);
    unanswered = (await answers(ask, port, asked)) ? 0 : unanswered + 1;
  }
  return ended.aborted ? "ended" : "hung";
}

async function answers(
  ask: HealthCheck["ask"],
  port: number | null,
  signal: AbortSignal,
): Promise<boolean> {
  const late = Promise.withResolvers<false>();
  const giveUp = (): void => {
    late.resolve(false);
  };
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    const answered = ask(port, signal).then(() => true);
    return await Promise.race([answered, late.promise]);
  } catch {
    return false;
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

/** Any HTTP answer: one that says something else than "ok" is not hung. */
export async function askOverHttp(url: string, signal: AbortSignal): Promise<void> {
  const answer = await fetch(url, { signal, redirect: "manual" });
  await answer.body?.cancel();
}

/** Asks a control socket of the database for its state. */
export async function askControlSocket(path: string, signal: AbortSignal): Promise<void> {
  const socket = createConnection(path);
  const leave = (): void => {
    socket.destroy();
  };
  signal.addEventListener("abort", leave, { once: true });
  try {
    socket.write('{"do":"state"}\n');
    for await (const _line of createInterface({ input: socket })) return;
    throw new Error("it hung up");
  } finally {
    signal.removeEventListener("abort", leave);
    socket.destroy();
  }
}
