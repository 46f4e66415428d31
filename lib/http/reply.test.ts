import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attachmentHeader } from "./reply.ts";

describe("attachmentHeader", () => {
  it("is one valid header line for any name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (name) => {
        const header = attachmentHeader(name);
        expect(header).toMatch(
          /^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''[\w%.~!$&+^`|-]*$/,
        );
        expect(() => new Headers({ "content-disposition": header })).not.toThrow();
      }),
    );
  });

  it("keeps the name readable", () => {
    expect(attachmentHeader("Überblick (2).pdf")).toBe(
      `attachment; filename="_berblick (2).pdf"; filename*=UTF-8''%C3%9Cberblick%20%282%29.pdf`,
    );
  });
});
