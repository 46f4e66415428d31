import { describe, expect, it } from "vitest";
import { listeningOrigin } from "./listening-origin.ts";

describe("listeningOrigin", () => {
  it.each([
    ["127.0.0.1", "http://127.0.0.1:3000"],
    ["0.0.0.0", "http://127.0.0.1:3000"],
    ["::", "http://127.0.0.1:3000"],
    ["::1", "http://[::1]:3000"],
    ["drover.lan", "http://drover.lan:3000"],
  ])("turns %s into an address for a browser", (host, origin) => {
    expect(listeningOrigin(host, 3000)).toBe(origin);
    expect(new URL(origin).origin).toBe(origin);
  });
});
