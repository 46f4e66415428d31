import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { isAppError } from "../core/errors/app-error.ts";
import { chunksOf, readJson } from "./read-body.ts";

const never = new AbortController().signal;
const post = (body: BodyInit) => new Request("http://x", { method: "POST", body });
const shape = z.strictObject({ name: z.string() });

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.catch((fault: unknown) => fault);
  return isAppError(error) ? error.code : "none";
};

describe("readJson", () => {
  it("gives what fits the shape and names faults without repeating what was sent", async () => {
    expect(await readJson(post('{"name":"x"}'), shape, never)).toEqual({ name: "x" });
    const error: unknown = await readJson(post('{"name":7,"secret":"s3cret"}'), shape, never).catch(
      (fault: unknown) => fault,
    );
    expect(isAppError(error, "bad_request") && error.details.issues).toEqual([
      "name: invalid type",
      "has unknown keys",
    ]);
    expect(JSON.stringify(error)).not.toContain("s3cret");
  });

  it.each(["", "{", "[".repeat(100_000), '{"__proto__":{}}', "null", "\u0000"])(
    "refuses %s",
    async (body) => {
      expect(await codeOf(readJson(post(body), shape, never))).toBe("bad_request");
    },
  );

  it("refuses bytes that are no UTF-8", async () => {
    const body = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    expect(await codeOf(readJson(post(body), shape, never))).toBe("bad_request");
  });
});

describe("chunksOf", () => {
  /** A client that sends `bytes` every `everyMs`, on a clock of its own. */
  async function receive(bytes: number, everyMs: number, count: number): Promise<number> {
    vi.useFakeTimers();
    try {
      let sent = 0;
      const body = new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            await new Promise((resolve) => setTimeout(resolve, everyMs));
            if (sent >= count) controller.close();
            else controller.enqueue(new Uint8Array(bytes));
            sent += 1;
          },
        },
        { highWaterMark: 0 },
      );
      const request = new Request("http://x", {
        method: "POST",
        body,
        duplex: "half",
      } as RequestInit);
      const reading = (async () => {
        let received = 0;
        for await (const chunk of chunksOf(request, never)) received += chunk.byteLength;
        return received;
      })();
      reading.catch(() => undefined);
      await vi.advanceTimersByTimeAsync(everyMs * (count + 2));
      return await reading;
    } finally {
      vi.useRealTimers();
    }
  }

  it("waits for a slow client that keeps sending", async () => {
    expect(await receive(4_000, 3_000, 20)).toBe(80_000);
  });

  it("gives up a client that trickles", async () => {
    expect(await codeOf(receive(1, 1_000, 60))).toBe("deadline_exceeded");
    expect(await codeOf(receive(1_000_000, 11_000, 2))).toBe("deadline_exceeded");
  });

  it("leaves at once with the reason of the signal", async () => {
    const controller = new AbortController();
    const body = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined) });
    const request = new Request("http://x", {
      method: "POST",
      body,
      duplex: "half",
    } as RequestInit);
    const next = chunksOf(request, controller.signal).next();
    controller.abort(new Error("gone"));
    await expect(next).rejects.toThrow("gone");
  });
});
