import { describe, expect, it } from "vitest";
import {
  createMessageReader,
  startupKind,
  statementOf,
  withPrefixedStatement,
} from "./wire-messages.ts";

function message(type: string, body: string): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, Buffer.from(body)]);
}

describe("the message reader", () => {
  it("finds the same messages wherever the stream is cut", () => {
    const messages = [message("P", "select 1\0"), message("B", ""), message("S", "x".repeat(50))];
    const stream = Buffer.concat(messages);
    for (let cut = 1; cut < 12; cut += 1) {
      const reader = createMessageReader(() => true);
      const found: Buffer[] = [];
      for (let at = 0; at < stream.length; at += cut) {
        reader.push(stream.subarray(at, at + cut));
        for (let next = reader.next(); next !== undefined; next = reader.next()) found.push(next);
      }
      expect(found).toEqual(messages);
    }
  });

  it("gives up on a stream that is no such protocol", () => {
    const reader = createMessageReader(() => true);
    reader.push(Buffer.from("GET / HTTP/1.1\r\n"));
    expect(() => reader.next()).toThrow("not a Postgres message");
  });

  it.each([
    [80_877_103, "encryption"],
    [80_877_104, "encryption"],
    [80_877_102, "cancel"],
    [196_608, "startup"],
  ])("knows the first message %i as %s", (code, kind) => {
    const first = Buffer.alloc(8);
    first.writeInt32BE(8, 0);
    first.writeInt32BE(code, 4);
    expect(startupKind(first)).toBe(kind);
  });
});

describe("the prepared statement that a message is about", () => {
  it.each([
    ["P", "name\0select $1\0\0\0", "7/name\0select $1\0\0\0"],
    ["B", "portal\0name\0rest", "portal\0" + "7/name\0rest"],
    ["D", "Sname\0", "S7/name\0"],
    ["C", "Sname\0", "S7/name\0"],
  ])("is found in %s and gets a prefix", (type, body, prefixed) => {
    expect(statementOf(message(type, body))).toBe("name");
    expect(withPrefixedStatement(message(type, body), "7/")).toEqual(message(type, prefixed));
  });

  it.each([
    ["P", "\0select 1\0\0\0"],
    ["B", "\0\0rest"],
    ["D", "Pname\0"],
    ["E", "name\0rest"],
    ["Q", "select 1\0"],
  ])("is none in %s", (type, body) => {
    expect(statementOf(message(type, body))).toBe(null);
    expect(withPrefixedStatement(message(type, body), "7/")).toEqual(message(type, body));
  });
});
