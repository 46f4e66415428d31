import { describe, expect, it } from "vitest";
import { createOneFlight } from "./one-flight.ts";

const never = new AbortController().signal;

function start() {
  const flight = createOneFlight<string>();
  const started: AbortSignal[] = [];
  const result = Promise.withResolvers<string>();
  const begin = (signal: AbortSignal): Promise<string> => {
    started.push(signal);
    return result.promise;
  };
  return { flight, started, result, begin };
}

describe("OneFlight", () => {
  it("works once for all who ask at the same time, and anew for those who come after", async () => {
    const { flight, started, result, begin } = start();
    const both = [flight.join("k", begin, never), flight.join("k", begin, never)];
    void flight.join("other", begin, never);
    expect(started).toHaveLength(2);
    result.resolve("v");
    expect(await Promise.all(both)).toEqual(["v", "v"]);
    await flight.join("k", begin, never);
    expect(started).toHaveLength(3);
  });

  it("lets one caller leave at once without harm to the others", async () => {
    const { flight, started, result, begin } = start();
    const leaving = new AbortController();
    const leaver = flight.join("k", begin, leaving.signal);
    const stayer = flight.join("k", begin, never);
    leaving.abort(new Error("gone"));
    await expect(leaver).rejects.toThrow("gone");
    expect(started[0]?.aborted).toBe(false);
    result.resolve("v");
    expect(await stayer).toBe("v");
  });

  it("ends the work when the last caller has left, and starts anew for the next", async () => {
    const { flight, started, begin } = start();
    const leaving = new AbortController();
    const leaver = flight.join("k", begin, leaving.signal);
    leaving.abort(new Error("gone"));
    await expect(leaver).rejects.toThrow("gone");
    expect(started[0]?.aborted).toBe(true);
    void flight.join("k", begin, never);
    expect(started).toHaveLength(2);
  });

  it("gives a failure to everyone who waits and keeps none of it", async () => {
    const { flight, started, result, begin } = start();
    const both = [flight.join("k", begin, never), flight.join("k", begin, never)];
    result.reject(new Error("broken"));
    for (const each of both) await expect(each).rejects.toThrow("broken");
    await expect(flight.join("k", begin, never)).rejects.toThrow("broken");
    expect(started).toHaveLength(2);
  });
});
