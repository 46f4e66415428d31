import { describe, expect, it } from "vitest";
import { createSharedStreams } from "./shared-streams.ts";

const never = new AbortController().signal;

/** A stream that goes on step by step, and what was asked of it. */
function stepped() {
  const steps: PromiseWithResolvers<string | Error | null>[] = [Promise.withResolvers()];
  const opened: AbortSignal[] = [];
  async function* said(from: number): AsyncGenerator<string, void> {
    for (let at = from; ; at += 1) {
      const value = await steps[at]?.promise;
      if (value instanceof Error) throw value;
      if (value === null || value === undefined) return;
      yield value;
    }
  }
  return {
    opened,
    step: (value: string | Error | null): void => {
      const step = steps.at(-1);
      steps.push(Promise.withResolvers());
      step?.resolve(value);
    },
    open: (signal: AbortSignal): AsyncGenerator<string, void> => {
      opened.push(signal);
      return said(steps.length - 1);
    },
  };
}

const all = async (stream: AsyncGenerator<string, void>): Promise<readonly string[]> => {
  const parts: string[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
};

describe("shared streams", () => {
  it("are opened once for all who read at the same time, and give each of them everything from the start", async () => {
    const streams = createSharedStreams<string>();
    const source = stepped();
    const first = all(streams.join("k", source.open, never));
    source.step("a");
    await Promise.resolve();
    const second = all(streams.join("k", source.open, never));
    const other = all(streams.join("other", stepped().open, AbortSignal.abort(new Error("gone"))));
    source.step("b");
    source.step(null);
    expect(await first).toEqual(["a", "b"]);
    expect(await second).toEqual(["a", "b"]);
    await expect(other).rejects.toThrow("gone");
    expect(source.opened).toHaveLength(1);
  });

  it("are opened anew for those who come after the end", async () => {
    const streams = createSharedStreams<string>();
    const source = stepped();
    const first = all(streams.join("k", source.open, never));
    source.step(null);
    await first;
    const second = all(streams.join("k", source.open, never));
    source.step("c");
    source.step(null);
    expect(await second).toEqual(["c"]);
  });

  it("let one reader leave at once without harm to the others, and end with the last", async () => {
    const streams = createSharedStreams<string>();
    const source = stepped();
    const [one, other] = [new AbortController(), new AbortController()];
    const first = all(streams.join("k", source.open, one.signal));
    const second = streams.join("k", source.open, other.signal);
    const firstPart = second.next();
    one.abort(new Error("one left"));
    await expect(first).rejects.toThrow("one left");
    expect(source.opened[0]?.aborted).toBe(false);
    source.step("a");
    expect((await firstPart).value).toBe("a");
    await second.return();
    expect(source.opened[0]?.aborted).toBe(true);
  });

  it("give a failure to everyone who reads, after what came before it", async () => {
    const streams = createSharedStreams<string>();
    const source = stepped();
    const readers = [1, 2].map(() => streams.join("k", source.open, never));
    const firsts = readers.map((reader) => reader.next());
    source.step("a");
    expect((await Promise.all(firsts)).map(({ value }) => value)).toEqual(["a", "a"]);
    const rest = Promise.allSettled(readers.map((reader) => reader.next()));
    source.step(new Error("broken"));
    expect((await rest).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });
});
