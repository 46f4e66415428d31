import { once } from "node:events";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createNodeServer } from "./http-server.ts";
import type { NodeContext } from "./node-context.ts";

// Only what the version says is asked for here.
const server = createNodeServer({ version: "0.0.0-test" } as NodeContext);
const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);

beforeAll(async () => {
  process.on("unhandledRejection", note);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => {
  process.off("unhandledRejection", note);
  server.close();
});

/** As it is written, without what `fetch` would make of it. */
async function statusOf(path: string): Promise<number | undefined> {
  const { port } = server.address() as AddressInfo;
  const asked = request({ host: "127.0.0.1", port, path, agent: false });
  asked.end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

it("answers targets that are no address, and goes on", async () => {
  for (const target of ["//", "///", "//:x", "//["]) expect(await statusOf(target)).toBe(404);
  expect(await statusOf("/api/version")).toBe(200);
  expect(unhandled).toEqual([]);
});
