import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClusterReport } from "#testing/cluster-check/finding.ts";
import { startFakeOllama, type FakeOllama } from "#testing/fakes/fake-ollama/server.ts";

const repository = resolve(import.meta.dirname, "..", "..", "..");

interface Run {
  readonly code: number | null;
  readonly output: string;
  readonly report: ClusterReport | undefined;
}

describe("npm run test:cluster", { timeout: 240_000 }, () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "drover-cluster-test-"));
  });
  afterAll(() => rm(dir, { recursive: true }));

  const run = async (...args: readonly string[]): Promise<Run> => {
    const json = join(dir, "report.json");
    await rm(json, { force: true });
    const program = join(repository, "testing", "test-ollama-cluster.ts");
    const child = spawn(process.execPath, [program, "--json", json, ...args], { cwd: repository });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    const code = await new Promise<number | null>((done) => child.once("close", done));
    const text = await readFile(json, "utf8").catch(() => undefined);
    return {
      code,
      output,
      report: text === undefined ? undefined : (JSON.parse(text) as ClusterReport),
    };
  };
  const verdictOf = (done: Run, check: string): string | undefined =>
    done.report?.findings.find((finding) => finding.check === check)?.verdict;

  it("passes on two embedded nodes, one of them killed under load", async () => {
    const done = await run("--requests", "12");
    expect(done.output).toContain("0 failures");
    expect(done.code).toBe(0);
    expect(verdictOf(done, "failover")).toBe("ok");
    expect(verdictOf(done, "return")).toBe("ok");
    expect(done.report?.latencies.map(({ requests }) => requests).reduce((a, b) => a + b)).toBe(12);
  });

  describe("on nodes that it was given", () => {
    let fakes: readonly FakeOllama[];
    beforeAll(async () => {
      fakes = [await startFakeOllama({}), await startFakeOllama({})];
    });
    afterAll(() => Promise.all(fakes.map((fake) => fake.stop())));
    const list = (): string => fakes.map(({ url }, at) => `${url}?id=n${String(at)}`).join(",");

    it("fails, and says which, when a node does not answer", async () => {
      const done = await run("--nodes", `${list()},http://127.0.0.1:9?id=gone`, "--requests", "8");
      expect(done.code).toBe(1);
      expect(verdictOf(done, "node gone")).toBe("fail");
      expect(done.output).toContain("Start the node, or take it out of the list.");
      expect(verdictOf(done, "8 requests")).toBe("ok");
      expect(verdictOf(done, "failover")).toBe("ok");
      // What was taken away was only cut off from the check: the nodes are as they were.
      for (const { url } of fakes) expect((await fetch(`${url}/api/version`)).status).toBe(200);
    });

    it("fails when a model is missing, and says how to get it", async () => {
      const done = await run("--nodes", list(), "--chat-model", "llama3.2:3b");
      expect(done.code).toBe(1);
      expect(done.output).toContain("ollama pull llama3.2:3b");
    });
  });

  it("explains a wrong list, number and flag and a folder that is not there, and tests nothing", async () => {
    const refused = await Promise.all(
      [
        ["--nodes", "ftp://x"],
        ["--nodes", ""],
        ["--requests", "none"],
        ["--node", "http://x"],
        ["--json", join(dir, "not-there", "report.json")],
      ].map((args) => run(...args)),
    );
    expect(refused.map(({ code, report }) => [code, report])).toEqual(
      refused.map(() => [2, undefined]),
    );
    const said = [
      '--nodes: "ftp://x" is not a node address',
      "--nodes names no node",
      "--requests must be a whole number",
      "Unknown option '--node'",
      "--json: ENOENT",
    ];
    expect(refused.map(({ output }, at) => output.includes(said[at] ?? ""))).toEqual(
      said.map(() => true),
    );
    for (const { output } of refused) expect(output).not.toContain("    at ");
  });
});
