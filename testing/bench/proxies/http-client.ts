import { Agent, request } from "node:http";
import type { Outcome } from "./outcome.ts";
import type { StreamRequest } from "./request-stream.ts";

const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
const patienceMs = 60_000;

/** Asks an address as any client does, and looks when the first line comes and whether the last one does. */
export const askOverHttp = (url: string, asked: StreamRequest, dueAt: number): Promise<Outcome> =>
  new Promise((resolve) => {
    let firstTokenMs: number | undefined;
    let last = "";
    const finish = (): void => {
      const complete = last.includes('"done":true');
      const end = complete ? "complete" : firstTokenMs === undefined ? "lost" : "cut";
      resolve({ firstTokenMs, end, totalMs: performance.now() - dueAt });
    };
    const sent = request(
      `${url}/api/chat`,
      {
        method: "POST",
        agent,
        timeout: patienceMs,
        headers: { "content-type": "application/json" },
      },
      (response) => {
        if (response.statusCode !== 200) {
          response.resume();
          resolve({ firstTokenMs, end: "lost", totalMs: performance.now() - dueAt });
          return;
        }
        response.setEncoding("utf8").on("data", (text: string) => {
          firstTokenMs ??= performance.now() - dueAt;
          last = (last + text).slice(-400);
        });
        response.on("close", finish);
      },
    );
    sent.on("timeout", () => sent.destroy());
    sent.on("error", finish);
    sent.end(
      JSON.stringify({
        model: asked.model,
        messages: [{ role: "user", content: asked.prompt }],
        options: { num_predict: asked.answerTokens },
      }),
    );
  });
