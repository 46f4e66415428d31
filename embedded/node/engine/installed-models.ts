import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readStamp } from "../install/installed-stamp.ts";
import type { InstalledStamp } from "../install/installed-stamp.ts";
import { findTemplate } from "./chat-template.ts";
import type { ChatTemplate } from "./chat-template.ts";
import { readGgufDetails } from "./gguf-details.ts";
import type { GgufDetails } from "./gguf-details.ts";

/** A model on this node's disk. */
export interface InstalledModel {
  readonly name: string;
  readonly path: string;
  readonly digest: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly details: GgufDetails;
  /** Absent for embedders, and for chat templates this node does not know. */
  readonly template: ChatTemplate | undefined;
  readonly capabilities: readonly ("completion" | "embedding")[];
}

export interface InstalledModels {
  /** Everything installed, by name; the folder is looked at anew each time. */
  readonly list: () => Promise<readonly InstalledModel[]>;
  readonly find: (key: string) => Promise<InstalledModel | undefined>;
}

const stampSuffix = ".gguf.json";

const describe = async (modelsDir: string, stamp: InstalledStamp): Promise<InstalledModel> => {
  const path = join(modelsDir, stamp.file);
  const details = await readGgufDetails(path);
  return {
    name: stamp.name,
    path,
    digest: stamp.sha256,
    bytes: stamp.size,
    modifiedMs: stamp.mtimeMs,
    details,
    template: details.isEmbedder ? undefined : findTemplate(details.chatTemplate),
    capabilities: details.isEmbedder ? ["embedding"] : ["completion"],
  };
};

/** The models whose stamp says that they are complete and unchanged. A file's head is read once. */
export const createInstalledModels = (modelsDir: string): InstalledModels => {
  const described = new Map<string, Promise<InstalledModel | undefined>>();
  const describeOnce = (stamp: InstalledStamp): Promise<InstalledModel | undefined> => {
    const key = `${stamp.file} ${stamp.sha256} ${String(stamp.mtimeMs)}`;
    const known =
      described.get(key) ??
      describe(modelsDir, stamp).catch((error: unknown) => {
        // One damaged file must not hide the others.
        console.error(`${stamp.file} cannot be read and is left out: ${String(error)}`);
        return undefined;
      });
    described.set(key, known);
    return known;
  };
  const list = async (): Promise<readonly InstalledModel[]> => {
    const entries = await readdir(modelsDir).catch(() => []);
    const files = entries
      .filter((entry) => entry.endsWith(stampSuffix))
      .map((entry) => entry.slice(0, -".json".length));
    const stamps = await Promise.all(files.map((file) => readStamp(modelsDir, file)));
    const models = await Promise.all(
      stamps.filter((stamp) => stamp !== undefined).map(describeOnce),
    );
    const readable = models.filter((model) => model !== undefined);
    return readable.toSorted((a, b) => b.modifiedMs - a.modifiedMs || (a.name < b.name ? -1 : 1));
  };
  return {
    list,
    find: async (key) => (await list()).find(({ name }) => name.toLowerCase() === key),
  };
};
