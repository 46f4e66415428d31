import { DrizzleQueryError } from "drizzle-orm";
import { expect, it } from "vitest";
import { createReport } from "./log.ts";

const lineOf = (error: unknown): string => {
  const lines: string[] = [];
  createReport(
    (line) => lines.push(line),
    () => new Date(0),
  )(error, "keep answer");
  return lines.join("");
};

it("tells of a query that failed its SQL state, and neither its parameters nor the values that the server names", () => {
  const cause = Object.assign(new Error("invalid input: a secret answer"), { code: "22P02" });
  const error = new DrizzleQueryError(
    "update answers set snapshot = $1",
    ["a secret answer"],
    cause,
  );
  expect(error.message).toContain("a secret answer");
  const line = lineOf(new Error("could not be stored", { cause: error }));
  expect(line).not.toContain("secret");
  expect(line).toContain("could not be stored");
  expect(line).toContain("22P02");
});

it("tells of other faults what they say, in one line", () => {
  const gone = Object.assign(new Error("connect\nrefused"), { code: "ECONNREFUSED" });
  expect(JSON.parse(lineOf(gone))).toMatchObject({
    error: ["Error ECONNREFUSED: connect\nrefused"],
  });
});
