import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseBody } from "./go-json.ts";

describe("parseBody", () => {
  it.each([
    ["", "missing request body"],
    ["  \n", "missing request body"],
    ['{"a": [', "unexpected EOF"],
    ['{"a": "x', "unexpected EOF"],
    ["not json", "invalid character 'o' in literal null (expecting 'u')"],
    ["hello", "invalid character 'h' looking for beginning of value"],
    ["{a: 1}", "invalid character 'a' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a": 1 "b"}', "invalid character '\"' after object key:value pair"],
    ["[1 2]", "invalid character '2' after array element"],
    ['{"a": "\\x"}', "invalid character 'x' in string escape code"],
    ["-x", "invalid character 'x' in numeric literal"],
    ["{'a': 1}", "invalid character '\\'' looking for beginning of object key string"],
  ])("answers 400 for %j as a Go server does", (body, message) => {
    expect(() => parseBody(body)).toThrow(
      expect.objectContaining({ status: 400, message }) as Error,
    );
  });

  it("reads the first value and ignores what follows", () => {
    expect(parseBody('{"a": [1, "b\\n", true, null, -2.5e3]} trailing')).toEqual({
      a: [1, "b\n", true, null, -2500],
    });
    expect(parseBody("[] []")).toEqual([]);
    expect(parseBody('{"a": {}} {"b": 1}')).toEqual({ a: {} });
  });

  it("reads whatever JSON.stringify writes, followed by anything", () => {
    fc.assert(
      fc.property(fc.object(), (value) => {
        const text = JSON.stringify(value);
        expect(parseBody(`${text} }`)).toEqual(JSON.parse(text));
      }),
    );
  });
});
