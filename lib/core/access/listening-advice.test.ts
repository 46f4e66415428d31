import { describe, expect, it } from "vitest";
import { listeningAdvice } from "./listening-advice.ts";

describe("listeningAdvice", () => {
  it.each([
    ["127.0.0.1", undefined],
    ["::1", undefined],
    ["0.0.0.0", "https://drover.example.org"],
    ["127.0.0.1", "https://drover.example.org"],
    ["127.0.0.1", "http://localhost:8080"],
  ])("has nothing to say about %s behind %s", (host, origin) => {
    expect(listeningAdvice(host, origin)).toBeNull();
  });

  it.each([
    ["0.0.0.0", undefined],
    ["192.168.1.4", undefined],
    ["0.0.0.0", "http://drover.lan"],
    ["127.0.0.1", "http://drover.lan"],
  ])("says what to do about %s behind %s", (host, origin) => {
    expect(listeningAdvice(host, origin)).toMatch(/DROVER_PUBLIC_ORIGIN.*DROVER_TLS_CERT/);
  });
});
