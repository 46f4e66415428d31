import { describe, expect, it } from "vitest";
import { judgeDisk, judgeSecurity, type SecuritySettings } from "./judge-machine.ts";
import { judgeAgreement, judgeNode, type JudgedNode } from "./judge-nodes.ts";
import { judgeDatabase, judgeRedis, judgeRedisCache } from "./judge-stores.ts";
import { isOlder } from "./version-order.ts";

const now = new Date("2026-11-26T12:00:00Z");
const names = { chat: "llama3.2:3b", embedding: "all-minilm" };
const loaded = (name: string) => ({
  name,
  contextTokens: 4096,
  expiresAt: new Date("2318-01-01T00:00:00Z"),
  graphicsBytes: 0,
  bytes: 100,
});
const facts: JudgedNode["facts"] = {
  version: "0.35.1",
  installed: [
    { name: "llama3.2:3b", digest: "c" },
    { name: "all-minilm:latest", digest: "e" },
  ],
  loaded: [loaded("llama3.2:3b"), loaded("all-minilm:latest")],
  chatParameters: 'num_batch                      128\nstop "x"',
  refusesCloud: true,
};
const node = (
  change: Partial<JudgedNode["facts"]> = {},
  baseUrl = "http://host-a:11434",
): JudgedNode => ({
  id: "a",
  baseUrl,
  slots: 2,
  facts: { ...facts, ...change },
});
const worst = (findings: readonly { readonly verdict: string; readonly text: string }[]): string =>
  findings
    .filter(({ verdict }) => verdict !== "ok")
    .map(({ verdict, text }) => `${verdict}: ${text}`)
    .join("; ");

describe("judging a node", () => {
  it("finds nothing wrong with one that is set up as docs/operations.md says", () => {
    const findings = judgeNode(node(), names, now);
    expect(findings.map(({ verdict }) => verdict)).toEqual(["ok", "ok", "ok", "ok"]);
    expect(findings.at(-1)?.text).toBe("window of 4096 tokens, 2 slots as configured, no cloud");
  });

  it.each([
    [{ version: "0.34.9" }, "warn: 0.34.9 has known security faults"],
    [{ installed: [] }, "fail: llama3.2:3b and all-minilm not installed"],
    [
      { loaded: [loaded("all-minilm:latest")] },
      "warn: a model is not in memory, so the first question there waits for it",
    ],
    [
      {
        loaded: [
          loaded("llama3.2:3b"),
          { ...loaded("all-minilm"), expiresAt: new Date("2026-11-26T12:05:00Z") },
        ],
      },
      "warn: all-minilm leaves the memory when it rests",
    ],
    [
      { loaded: [{ ...loaded("llama3.2:3b"), graphicsBytes: 50 }, loaded("all-minilm")] },
      "warn: llama3.2:3b is only partly in graphics memory",
    ],
    [
      { loaded: [{ ...loaded("llama3.2:3b"), contextTokens: 1024 }, loaded("all-minilm")] },
      "fail: the window of llama3.2:3b holds 1024 tokens",
    ],
    [
      { chatParameters: "" },
      "warn: llama3.2:3b has no num_batch: a stopped answer holds its slot for seconds",
    ],
    [
      { chatParameters: "num_batch 512" },
      "warn: llama3.2:3b has a large num_batch: a stopped answer holds its slot for seconds",
    ],
    [{ refusesCloud: false }, "warn: names that lead to the vendor's cloud are not refused"],
  ])("says what is wrong: %o", (change, text) => {
    expect(worst(judgeNode(node(change), names, now))).toBe(text);
  });

  it("asks no small batches of an embedded node, which has its own, nor of a graphics card", () => {
    expect(
      worst(judgeNode(node({ version: "0.35.0-drover.2", chatParameters: "" }), names, now)),
    ).toBe("");
    const onCard = [{ ...loaded("llama3.2:3b"), graphicsBytes: 100 }, loaded("all-minilm")];
    expect(worst(judgeNode(node({ loaded: onCard, chatParameters: "" }), names, now))).toBe("");
  });

  it.each([
    ["http://10.1.2.3:11434", ""],
    ["http://172.20.0.2:11434", ""],
    ["http://ollama-1:11434", ""],
    ["http://[fd00::1]:11434", ""],
    ["https://nodes.example.org", ""],
    [
      "http://nodes.example.org:11434",
      "warn: nodes.example.org does not look private, and Ollama asks nobody for a password",
    ],
    [
      "http://203.0.113.7:11434",
      "warn: 203.0.113.7 does not look private, and Ollama asks nobody for a password",
    ],
  ])("looks whether %s is private", (baseUrl, text) => {
    expect(worst(judgeNode(node({}, baseUrl), names, now))).toBe(text);
  });
});

describe("judging nodes together", () => {
  const other = (change: Partial<JudgedNode["facts"]>): JudgedNode => ({
    ...node(change),
    id: "b",
  });

  it("wants a second one, alike in models and version", () => {
    expect(worst(judgeAgreement([node()], names))).toBe("warn: there is only one");
    expect(worst(judgeAgreement([node(), other({})], names))).toBe("");
  });

  it("fails for another embedding model, warns for another chat model or version", () => {
    const installed = [
      { name: "llama3.2:3b", digest: "other" },
      { name: "all-minilm:latest", digest: "other" },
    ];
    const findings = judgeAgreement([node(), other({ installed, version: "0.36.0" })], names);
    expect(findings.map(({ verdict }) => verdict)).toEqual(["fail", "warn", "warn"]);
    expect(findings[0]?.text).toContain("a e, b other");
  });
});

describe("judging database, Redis, disk and security", () => {
  const database = {
    engine: "postgres" as const,
    version: "18.4",
    vectorVersion: "0.8.4",
    missingSteps: 0,
    isEmpty: false,
  };

  it.each([
    [{}, ""],
    [{ version: "14.9" }, "fail: Postgres 14.9 is too old"],
    [{ vectorVersion: "0.8.3" }, "fail: pgvector 0.8.3 is too old"],
    [{ vectorVersion: null }, "fail: pgvector is not installed"],
    [{ missingSteps: 2 }, "warn: 2 changes of its shape are due"],
    [{ missingSteps: -1 }, "fail: a newer Drover wrote it"],
    [{ missingSteps: 5, isEmpty: true }, "warn: none yet"],
  ])("of a database: %o", (change, text) => {
    expect(worst(judgeDatabase({ ...database, ...change }))).toBe(text);
  });

  it("of a Redis", () => {
    expect(judgeRedis({ version: "7.2.4", evictionPolicy: "noeviction" }).verdict).toBe("ok");
    expect(judgeRedis({ version: "6.2.0", evictionPolicy: "noeviction" }).verdict).toBe("fail");
    expect(judgeRedis({ version: "7.2.4", evictionPolicy: "allkeys-lru" }).verdict).toBe("fail");
  });

  it("of a Redis for the cache", () => {
    const fitting = { version: "7.2.4", evictionPolicy: "allkeys-lru", mostBytes: 1_000_000_000 };
    expect(judgeRedisCache(fitting).verdict).toBe("ok");
    expect(judgeRedisCache({ ...fitting, mostBytes: 0 }).verdict).toBe("warn");
    expect(judgeRedisCache({ ...fitting, evictionPolicy: "noeviction" }).verdict).toBe("warn");
    expect(judgeRedisCache({ ...fitting, version: "6.2.0" }).verdict).toBe("fail");
  });

  it("of disks", () => {
    const disks = new Map([
      ["/a", 9e9],
      ["/b", 2e9],
      ["/c", 1e8],
    ]);
    expect(judgeDisk(disks).map(({ verdict }) => verdict)).toEqual(["ok", "warn", "fail"]);
  });

  it.each<readonly [Partial<SecuritySettings>, string]>([
    [{}, ""],
    [{ host: "0.0.0.0" }, "warn: Drover listens on 0.0.0.0 without a public address"],
    [{ host: "0.0.0.0", publicOrigin: "https://drover.example.org" }, ""],
    [
      { publicOrigin: "http://drover.example.org" },
      "warn: http://drover.example.org sends passwords and cookies in the clear",
    ],
    [{ secretMode: 0o640 }, "fail: other users of this machine can read it"],
    [{ isSetupOpen: true }, "warn: nobody has set Drover up yet"],
    [{ userId: 0 }, "warn: Drover runs as root"],
  ])("of security: %o", (change, text) => {
    const settings: SecuritySettings = {
      host: "127.0.0.1",
      publicOrigin: undefined,
      secretMode: 0o600,
      isSetupOpen: false,
      userId: 1000,
    };
    expect(worst(judgeSecurity({ ...settings, ...change }))).toBe(text);
  });
});

describe("isOlder", () => {
  it.each([
    ["0.34.9", "0.35.0", true],
    ["0.35.0", "0.35.0", false],
    ["0.35.0-rc1", "0.35.0", false],
    ["v1.2", "1.10", true],
    ["15.4", "15", false],
    ["nonsense", "0.1", true],
  ])("%s against %s", (version, least, older) => {
    expect(isOlder(version, least)).toBe(older);
  });
});
