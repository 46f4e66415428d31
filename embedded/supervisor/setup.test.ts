import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execFile } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseConfig } from "../../lib/config.ts";
import { sourceFingerprint } from "./build.ts";
import { freePort } from "./free-port.ts";
import { offerOllama } from "./offer-ollama.ts";
import { explain, installPackages, withoutOwnNode } from "./packages.mjs";
import { sentenceFor, setupFailure } from "./setup-failure.ts";

const startProgram = fileURLToPath(new URL("./start.mjs", import.meta.url));
const mainProgram = fileURLToPath(new URL("./main.ts", import.meta.url));
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "drover set-up "));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const fail = (sentence: string): never => {
  throw new Error(sentence);
};

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
const run = (args: readonly string[], env: Record<string, string>): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, args, { env: { ...process.env, ...env } }, (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err });
    });
  });

/** A stand-in for npm that appends to `calls` and then does `script`. */
async function npmThat(script: string): Promise<readonly string[]> {
  const path = join(dir, "npm.mjs");
  const calls = JSON.stringify(join(dir, "calls"));
  await writeFile(
    path,
    `import { appendFileSync, mkdirSync } from "node:fs"; appendFileSync(${calls}, process.cwd() + "\\n"); ${script}`,
  );
  return [process.execPath, path];
}

async function project(): Promise<void> {
  await mkdir(join(dir, "embedded/node"), { recursive: true });
  for (const folder of [".", "embedded/node"]) {
    await writeFile(join(dir, folder, "package.json"), "{}");
    await writeFile(join(dir, folder, "package-lock.json"), "{}");
  }
}
const folders = [".", "embedded/node"];

describe("installing packages", () => {
  it("runs npm ci once for each folder, and again only where the lock file changed", async () => {
    await project();
    const npm = await npmThat(`mkdirSync("node_modules", { recursive: true });`);
    await installPackages({ root: dir, folders, fail, npm });
    await installPackages({ root: dir, folders, fail, npm });
    await writeFile(join(dir, "embedded/node/package-lock.json"), `{"changed":true}`);
    await installPackages({ root: dir, folders, fail, npm });
    const calls = (await readFile(join(dir, "calls"), "utf8")).trim().split("\n");
    expect(calls).toEqual([dir, join(dir, "embedded/node"), join(dir, "embedded/node")]);
  });

  it("ends in one line when no registry answers, and tries again the next time", async () => {
    await project();
    const npm = await npmThat(`console.error("npm error code ENOTFOUND"); process.exit(1);`);
    const attempt = (): Promise<void> => installPackages({ root: dir, folders, fail, npm });
    await expect(attempt()).rejects.toThrow(/no package registry answers.*npm start again/);
  });

  it.each([
    ["npm error code ENOSPC\nnpm error nospc", /disk is full/],
    ["npm error code EACCES", /cannot be written/],
    ["spawn npm ENOENT", /npm is missing/],
    ["npm error Missing: left-pad@1 from lock file\nmore", /Missing: left-pad@1 from lock file$/],
  ])("explains %s", (words, sentence) => {
    expect(explain(words, ".")).toMatch(sentence);
    expect(explain(words, ".")).not.toContain("\n");
  });

  it("keeps npm off the Node that it is about to replace", () => {
    expect(withoutOwnNode("/a b/node_modules/.bin:/usr/bin", "/a b")).toBe("/usr/bin");
  });
});

describe("starting", () => {
  it("names every fault of the configuration and starts nothing", async () => {
    const dataDir = join(dir, "data");
    const env = { DROVER_PORT: "x", OLLAMA_NODES: "nonsense", DROVER_DATA_DIR: dataDir };
    const { code, err } = await run([mainProgram], env);
    expect(code).toBe(1);
    expect(err).toContain("DROVER_PORT");
    expect(err).toContain("OLLAMA_NODES");
    await expect(readFile(join(dataDir, "run/state.json"))).rejects.toThrow("ENOENT");
  });

  it("says in one line which folder may not be written", async () => {
    const file = join(dir, "a file");
    await writeFile(file, "");
    const { code, err } = await run([mainProgram], { DROVER_DATA_DIR: join(file, "data") });
    expect(code).toBe(1);
    expect(err.trim().split("\n")).toHaveLength(1);
    expect(err).toContain("a file");
    expect(err).toContain("set DROVER_DATA_DIR");
  });

  it("tells an old Node what it needs", async () => {
    const copy = join(dir, "start.mjs");
    const source = await readFile(startProgram, "utf8");
    await writeFile(copy, source.replace("process.versions.node.split", '"18.20.0".split'));
    const { code, err } = await run([copy], {});
    expect(code).toBe(1);
    expect(err).toContain("needs Node 20 or newer");
    expect(err.trim().split("\n")).toHaveLength(1);
  });

  it.each([
    [setupFailure("Do this."), "Do this."],
    [Object.assign(new Error("write"), { code: "ENOSPC" }), /disk is full/],
    [Object.assign(new Error("open 'x'"), { code: "EACCES" }), /may not write here/],
    [new Error("first line\n  at somewhere"), /^first line$/],
  ])("puts a failure into one line (%#)", (error, sentence) => {
    expect(sentenceFor(error)).toMatch(sentence);
  });
});

describe("an Ollama on this machine", () => {
  it("is offered before the first download of weights only", async () => {
    const ollama = createHttpServer((_, response) => {
      response.end('{"version":"0.35.0"}');
    });
    await new Promise<void>((resolve) => ollama.listen(0, "127.0.0.1", resolve));
    const { port } = ollama.address() as AddressInfo;
    const url = `http://127.0.0.1:${String(port)}`;
    const config = parseConfig({ DROVER_DATA_DIR: dir });
    const said: string[] = [];
    const say = (sentence: string): unknown => said.push(sentence);
    await offerOllama(config, say, url);
    expect(said).toEqual([expect.stringContaining("OLLAMA_NODES") as unknown]);
    await mkdir(config.modelsDir);
    await offerOllama(config, say, url);
    expect(said).toHaveLength(1);
    ollama.close();
    ollama.closeAllConnections();
  });
});

describe("choosing a port", () => {
  it("takes the next one when the wanted one is taken", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    expect(await freePort("127.0.0.1", port)).toBeGreaterThan(port);
    taken.close();
  });

  it("says so when the host is not of this machine", async () => {
    await expect(freePort("192.0.2.1", 3000)).rejects.toThrow(/cannot listen on 192.0.2.1/);
  });
});

describe("building", () => {
  it("is due when a source changes, not when a test does", async () => {
    await mkdir(join(dir, "lib/core"), { recursive: true });
    await writeFile(join(dir, "lib/core/thing.ts"), "one");
    const first = await sourceFingerprint(dir);
    await writeFile(join(dir, "lib/core/thing.test.ts"), "any");
    expect(await sourceFingerprint(dir)).toBe(first);
    // What the build itself copies from packages is no source: else the second start would build again.
    await mkdir(join(dir, "public/pdfjs/cmaps"), { recursive: true });
    await writeFile(join(dir, "public/pdfjs/cmaps/H.bcmap"), "copied");
    expect(await sourceFingerprint(dir)).toBe(first);
    await writeFile(join(dir, "lib/core/thing.ts"), "two");
    const second = await sourceFingerprint(dir);
    expect(second).not.toBe(first);
    await cp(join(dir, "lib"), join(dir, "app"), { recursive: true });
    expect(await sourceFingerprint(dir)).not.toBe(second);
  });
});
