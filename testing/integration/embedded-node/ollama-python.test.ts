import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { chatModel, embedModel } from "./ollama-calls.ts";
import { startEmbeddedNode } from "./start-embedded-node.ts";

const run = promisify(execFile);
const target = mkdtempSync(join(tmpdir(), "drover-python-"));
afterAll(() => {
  rmSync(target, { recursive: true, force: true });
});

/** Installs the client for this test alone; says why it cannot. */
const installClient = (): string | undefined => {
  try {
    const flags = ["--quiet", "--disable-pip-version-check", "--target", target];
    execFileSync("python3", ["-m", "pip", "install", ...flags, "ollama==0.6.3"], { stdio: "pipe" });
    return undefined;
  } catch (error) {
    return `pip cannot install the ollama package here (${(error as Error).message.split("\n")[0] ?? ""})`;
  }
};

const program = `
import sys, ollama
client = ollama.Client(host=sys.argv[1])
chat, embedder = sys.argv[2], sys.argv[3]
options = {"temperature": 0, "num_predict": 8}
parts = list(client.chat(chat, messages=[{"role": "user", "content": "Hi"}], stream=True, options=options))
assert parts[-1].done and parts[-1].eval_count > 0, parts[-1]
assert "".join(p.message.content for p in parts)
assert client.generate(chat, prompt="Hi", options=options).response
assert len(client.embed(embedder, input=["one", "two"]).embeddings) == 2
assert len(client.embeddings(embedder, prompt="one").embedding) == 384
assert chat in [m.model for m in client.list().models]
assert client.show(chat).modelinfo["general.architecture"] == "llama"
running = client.ps().models
assert running and running[0].expires_at is not None
try:
    client.chat("nix", messages=[{"role": "user", "content": "x"}])
    raise SystemExit("no error for an unknown model")
except ollama.ResponseError as error:
    assert error.status_code == 404, error
print("all calls understood")
`;

const whyNot = installClient();
// In CI a missing pip is a failure, never a silent gap.
const skipped = whyNot !== undefined && process.env["CI"] === undefined;

describe.skipIf(skipped)(
  "the PyPI package ollama, unchanged, against an embedded node",
  { timeout: 120_000 },
  () => {
    it("chats, generates, embeds, lists, shows and reads errors", async () => {
      expect(whyNot).toBeUndefined();
      const node = await startEmbeddedNode();
      try {
        const args = ["-c", program, node.url, chatModel, embedModel];
        const { stdout } = await run("python3", args, {
          env: { ...process.env, PYTHONPATH: target },
        });
        expect(stdout.trim()).toBe("all calls understood");
      } finally {
        await node.stop();
      }
    });
  },
);

if (skipped) console.warn(`Skipped: ${whyNot}`);
