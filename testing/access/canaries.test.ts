import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AccessLine, openAccessLine } from "./access-line.ts";
import { addPerson, type Browser, browserAt } from "./people.ts";
import type { RouteServer } from "./route-server.ts";
import type { TestContainer } from "./test-container.ts";

/** Words that stand nowhere else: whoever finds one in a log or an error has found what was planted. */
const canary = (name: string) => `canary-${name}-5f1c9e`;
const planted = ["password", "question", "file", "title", "token", "header", "query"].map(canary);

let line: AccessLine;
let test: TestContainer;
let server: RouteServer;
let admin: Browser;
let member: Browser;

beforeAll(async () => {
  line = await openAccessLine("scripted");
  ({ test, server, admin } = line);
  member = await addPerson(line.test, line.server.origin, {
    ...{ email: "member@example.org", role: "member", workspaceId: line.workspaceId },
  });
});
afterAll(() => line.close());

/** Calls that carry a secret or a person's words, each of them well and badly formed. */
async function plant(): Promise<readonly Response[]> {
  const file = new TextEncoder().encode(canary("file"));
  const question = { question: canary("question"), collectionIds: [] };
  const credentials = { email: "ada@example.org", password: canary("password") };
  const calls: readonly (readonly [string, string, unknown?])[] = [
    ["POST", "/api/session", credentials],
    ["POST", "/api/session", { ...credentials, extra: canary("token") }],
    ["PUT", "/api/account/password", { current: canary("password"), next: canary("password") }],
    ["POST", "/api/account/removal", { password: canary("password") }],
    ["POST", "/api/password-reset", { token: canary("token"), password: canary("password") }],
    ["POST", "/api/join/invitation", { token: canary("token") }],
    ["POST", "/api/setup", { token: canary("token") }],
    ["POST", "/api/conversations", question],
    ["POST", "/api/conversations", { ...question, unknown: canary("question") }],
    ["GET", `/api/conversations/search?query=${canary("query")}&x=${canary("query")}`],
    ["POST", `/api/documents?collectionId=${crypto.randomUUID()}&fileName=${canary("file")}`, file],
    ["PATCH", `/api/conversations/${crypto.randomUUID()}`, { title: canary("title") }],
    ["PATCH", "/api/settings", { "no.such.setting": canary("token") }],
  ];
  const responses: Response[] = [];
  for (const [method, path, body] of calls)
    responses.push(await member.send(method, path, body, { "x-request-id": canary("header") }));
  return responses;
}

describe("what people type and what opens doors", () => {
  it("stands in no line of the log, no error, no metric and no audit row", async () => {
    const responses = await plant();
    expect(responses.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
    const refused = responses.filter(({ status }) => status >= 400);
    expect(refused.length).toBeGreaterThan(8);
    const bodies = await Promise.all(refused.map((response) => response.text()));
    const cookies = [member, admin].map(({ cookie }) => cookie.split("=")[1] ?? cookie);
    const audit = await (await admin.send("GET", "/api/audit")).text();
    const anonymous = browserAt(server.origin);
    const open = await Promise.all(
      ["/metrics", "/healthz", "/readyz"].map(async (path) =>
        (await anonymous.send("GET", path)).text(),
      ),
    );
    const places = { log: test.lines, errors: bodies, audit: [audit], open };
    for (const [place, texts] of Object.entries(places))
      for (const secret of [...planted, ...cookies, test.connection.url])
        expect(
          texts.some((text) => text.includes(secret)),
          `${secret} in ${place}`,
        ).toBe(false);
    expect(test.lines.length).toBeGreaterThan(0);
  });
});
