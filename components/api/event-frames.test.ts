import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readFrames, type EventFrame } from "./event-frames.ts";

const text =
  ': open\n\nevent: started\ndata: {"answerId":"a"}\n\nid: 1\ndata: Grüße, 世界 🌍\n\n: waiting\n\nid: 2\ndata: one\ndata: two\n\nevent: end\ndata: {}\n\n';
const expected: readonly EventFrame[] = [
  { event: "started", id: "", data: '{"answerId":"a"}' },
  { event: "message", id: "1", data: "Grüße, 世界 🌍" },
  { event: "message", id: "2", data: "one\ntwo" },
  { event: "end", id: "", data: "{}" },
];

const streamOf = (
  parts: readonly Uint8Array<ArrayBuffer>[],
): ReadableStream<Uint8Array<ArrayBuffer>> =>
  new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });

const readAll = async (
  parts: readonly Uint8Array<ArrayBuffer>[],
): Promise<readonly EventFrame[]> => {
  const frames = readFrames(streamOf(parts));
  const read: EventFrame[] = [];
  for (let frame = await frames.next(); frame !== null; frame = await frames.next())
    read.push(frame);
  return read;
};

describe("readFrames", () => {
  it("reads the same messages wherever the connection cuts the bytes", async () => {
    const bytes = new TextEncoder().encode(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 8 }), async (cuts) => {
        const places = [0, ...cuts.sort((one, other) => one - other), bytes.length];
        const parts = places.slice(1).map((to, index) => bytes.slice(places[index], to));
        expect(await readAll(parts)).toEqual(expected);
      }),
    );
  });

  it("drops a message that the connection cut off", async () => {
    const bytes = new TextEncoder().encode("id: 1\ndata: whole\n\nid: 2\ndata: ha");
    expect(await readAll([bytes])).toEqual([{ event: "message", id: "1", data: "whole" }]);
  });
});
