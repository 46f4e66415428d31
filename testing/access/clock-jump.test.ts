import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type AccessLine, openAccessLine } from "./access-line.ts";
import { addPerson, type Browser, browserAt, password } from "./people.ts";
import type { RouteServer } from "./route-server.ts";
import type { TestContainer } from "./test-container.ts";

const hourMs = 3_600_000;
let line: AccessLine;
let test: TestContainer;
let server: RouteServer;
let admin: Browser;
let workspaceId: string;

beforeAll(async () => {
  line = await openAccessLine("scripted");
  ({ test, server, admin, workspaceId } = line);
});
afterAll(() => line.close());

// The calendar only: timers and monotonic time go on as they do on a machine whose clock is set.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
});
afterEach(() => {
  vi.useRealTimers();
});
const jump = (hours: number): void => {
  vi.setSystemTime(Date.now() + hours * hourMs);
};

describe.each([1, -1])("a clock that jumps by %d h", (hours) => {
  it("signs nobody out, and lets people in", async () => {
    const name = `jumps${String(hours)}@example.org`;
    const browser = await addPerson(test, server.origin, {
      email: name,
      role: "member",
      workspaceId,
    });
    jump(hours);
    expect((await browser.send("GET", "/api/session")).status).toBe(200);
    const anew = browserAt(server.origin);
    expect((await anew.send("POST", "/api/session", { email: name, password })).status).toBe(200);
    expect((await anew.send("GET", "/api/session")).status).toBe(200);
    jump(-hours);
    expect((await anew.send("GET", "/api/session")).status).toBe(200);
  });

  it("neither frees who guesses passwords nor holds them up for longer", async () => {
    const email = `guessed${String(hours)}@example.org`;
    const guess = async (): Promise<readonly [number, number]> => {
      const response = await browserAt(server.origin).send("POST", "/api/session", {
        email,
        password: "a wrong long phrase",
      });
      await response.body?.cancel();
      return [response.status, Number(response.headers.get("retry-after"))];
    };
    let [status, seconds] = await guess();
    while (status === 401) [status, seconds] = await guess();
    expect(status).toBe(429);
    jump(hours);
    const [after, wait] = await guess();
    expect(after).toBe(429);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(seconds);
  });

  it("leaves an answer that runs as it is: it streams on, is stopped and stored once", async () => {
    const asked = await admin.send("POST", "/api/conversations", {
      question: `What is new after ${String(hours)} h?`,
      collectionIds: [],
    });
    const { answerId, conversation } = (await asked.json()) as {
      answerId: string;
      conversation: { id: string };
    };
    const events = await admin.send("GET", `/api/answers/${answerId}/events`);
    jump(hours);
    expect((await admin.send("POST", `/api/answers/${answerId}/stop`)).status).toBe(202);
    const text = await events.text();
    expect(text).toContain('"outcome":"stopped"');
    expect(text).toMatch(/event: end\ndata: \{\}\n\n$/u);
    const kept = await admin.send("GET", `/api/conversations/${conversation.id}`);
    const { turns } = (await kept.json()) as { turns: { answerId: string; outcome: string }[] };
    expect(turns).toHaveLength(1);
  });
});
