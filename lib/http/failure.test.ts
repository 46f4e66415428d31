import { describe, expect, it } from "vitest";
import { AppError } from "../core/errors/app-error.ts";
import { failureEntry, failureOf, failureResponse, logLine } from "./failure.ts";

const request = {
  requestId: "r",
  method: "GET",
  path: "/api/x",
  actorId: "u",
  durationMs: 3,
  at: new Date(0),
};
const logged = (error: unknown): string => logLine(failureEntry(failureOf(error), request));
const sent = async (error: unknown) => {
  const response = failureResponse(failureOf(error), "r");
  const body = (await response.json()) as { error: Record<string, unknown> };
  return {
    status: response.status,
    retryAfter: response.headers.get("retry-after"),
    ...body.error,
  };
};

/** As drizzle and pg throw them. */
const queryError = (code: string) =>
  Object.assign(new Error('Failed query: insert … params: "a secret question"'), {
    params: ["a secret question"],
    cause: Object.assign(new Error('duplicate key: "a secret question"'), { code }),
  });

describe("a failure", () => {
  it("reaches the caller as code, sentence and request id, and nothing of its cause", async () => {
    const body = await sent(new TypeError("cannot read /etc/passwd of undefined"));
    expect(body).toEqual({
      status: 500,
      retryAfter: null,
      code: "internal",
      message: "Something went wrong on the server.",
      requestId: "r",
    });
  });

  it("of a file tells what is wrong with it and what to do", async () => {
    const reason = "Files of the kind .zip cannot be read. Unpack it and upload the files in it.";
    expect(await sent(new AppError("unsupported_type", { reason }))).toMatchObject({
      status: 415,
      message: reason,
    });
  });

  it("tells when to try again", async () => {
    expect(await sent(new AppError("rate_limited", { retryAfterMs: 2_100 }))).toMatchObject({
      status: 429,
      retryAfter: "3",
    });
    expect(await sent(new AppError("no_node_available", {}))).toMatchObject({
      status: 503,
      retryAfter: "2",
    });
  });

  it("of a database whose disk is full says so: trying again alone would not help", async () => {
    expect(await sent(queryError("53100"))).toMatchObject({ status: 507, code: "disk_full" });
  });

  it.each([
    Object.assign(new Error("x"), { code: "ECONNREFUSED" }),
    Object.assign(new Error("x"), { code: "57P01" }),
    Object.assign(new Error("x"), { code: "ENOENT", syscall: "connect" }),
    new Error("Failed query", { cause: new Error("Connection terminated unexpectedly") }),
    new Error("Failed query", {
      cause: new Error("Cannot use a pool after calling end on the pool"),
    }),
    queryError("08006"),
  ])("of the connection to the database is database_unavailable", async (error) => {
    expect(await sent(error)).toMatchObject({ status: 503, code: "database_unavailable" });
  });

  it("to write while data is being moved is told as that, and as something that passes", async () => {
    const told = await sent(queryError("25006"));
    expect(told).toMatchObject({ status: 503, code: "database_read_only" });
    expect(told.retryAfter).not.toBeNull();
  });

  it("of a missing file is no missing database", async () => {
    const missing = Object.assign(new Error("x"), { code: "ENOENT", syscall: "open" });
    expect(await sent(missing)).toMatchObject({ status: 500 });
  });

  it("is logged without the values of its query", () => {
    const line = logged(queryError("23505"));
    expect(line).not.toContain("secret");
    expect(line).toContain("23505");
    expect(line).toContain(".test.ts");
  });

  it("is one line that no terminal acts on, whatever a name holds", () => {
    const hostile = "a\r\nb\u001b[31m\u0085\u2028\u202e\u007f";
    const line = logLine({ path: hostile });

    expect(line).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u2028\u202e]*$/);
    expect(JSON.parse(line)).toEqual({ path: hostile });
  });
});
