import { describe, expect, it } from "vitest";
import { noPrefix } from "../core/scheduling/prefix-chain.ts";
import { classRules } from "../core/scheduling/work-class.ts";
import type { Waiter } from "../core/scheduling/waiter.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import { createAdmission, type RateLimits } from "./admission.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";

const noLimits = { requestsPerMinute: 0, tokensPerMinute: 0, agentRequestsPerMinute: 0 };

function start(
  change: Partial<RateLimits> = {},
  line: { tailMs?: number; clients?: string[] } = {},
) {
  const clock = createFakeClock();
  const waiting = (line.clients ?? []).map((client, index): Waiter => ({
    ...{ id: String(index), client, kind: "chat", class: "interactive", model: "m" },
    ...{ since: milliseconds(0), promptTokens: 1, outputTokens: 1, avoidNodeIds: [] },
    prefix: noPrefix,
  }));
  const ledger = {
    tailMs: (_kind: unknown, _class: unknown, more = 0) =>
      line.tailMs === undefined ? null : line.tailMs + more * 1000,
    waiting: () => waiting,
    runningOf: () => 1,
  };
  const limits = () => ({ ...noLimits, ...change });
  const admission = createAdmission({ ledger, clock, limits, rules: () => classRules });
  const ask = (client: string, workClass: Waiter["class"] = "interactive", underWay = 0) => {
    const deadline = milliseconds(clock.now() + 300_000);
    try {
      admission.admit({ class: workClass, client, deadline, underWay });
      return "in";
    } catch (error) {
      return error as { code: string; details: { retryAfterMs: number } };
    }
  };
  return { clock, admission, ask };
}

describe("Admission", () => {
  it("refuses a person beyond the rate with the time to wait, and nobody else for it", async () => {
    const { clock, ask } = start({ requestsPerMinute: 2 });
    expect(ask("other")).toBe("in");
    for (let index = 0; index < 3; index += 1) expect(ask("busy")).toBe("in");
    expect(ask("busy")).toMatchObject({ code: "rate_limited", details: { retryAfterMs: 30_000 } });
    expect(ask("other")).toBe("in");
    await clock.advance(30_000);
    expect(ask("busy")).toBe("in");
  });

  it("sets no limit for a person who is alone", async () => {
    const { clock, ask } = start({ requestsPerMinute: 1 });
    for (let index = 0; index < 50; index += 1) expect(ask("only")).toBe("in");
    expect(ask("second")).toBe("in");
    expect(ask("only")).toBe("in");
    expect(ask("only")).not.toBe("in");
    await clock.advance(700_000);
    for (let index = 0; index < 50; index += 1) expect(ask("only")).toBe("in");
  });

  it("counts tokens as well: who spent too many waits until they are paid back", async () => {
    const { clock, admission, ask } = start({ tokensPerMinute: 1000 });
    ask("other");
    expect(ask("reader")).toBe("in");
    admission.spent("reader", 2500);
    expect(ask("reader")).toMatchObject({ code: "rate_limited" });
    await clock.advance(61_000);
    expect(ask("reader")).toBe("in");
  });

  it("holds agents to a limit of their own, all together", () => {
    const { ask } = start({ agentRequestsPerMinute: 2 });
    expect([ask("a", "agent-high"), ask("b", "agent-low"), ask("c", "agent-high")]).toEqual(
      Array(3).fill("in"),
    );
    expect(ask("d", "agent-medium")).toMatchObject({ code: "rate_limited" });
    expect(ask("person")).toBe("in");
  });

  it("refuses when the predicted wait is too long: 503 for all, 429 for who fills the line", () => {
    const { ask } = start({}, { tailMs: 70_000, clients: ["flood", "flood", "flood", "one"] });
    expect(ask("one")).toMatchObject({
      code: "cluster_saturated",
      details: { retryAfterMs: 10_000, queueDepth: 4 },
    });
    expect(ask("flood")).toMatchObject({ code: "rate_limited" });
    expect(ask("job", "ingest")).toBe("in");
  });

  it("counts those who were let in and have not come to the queue yet", () => {
    const { ask } = start({}, { tailMs: 55_000, clients: ["one", "two"] });
    expect(ask("third", "interactive", 8)).toBe("in");
    expect(ask("third", "interactive", 9)).toMatchObject({ code: "cluster_saturated" });
  });
});
