import { basename } from "node:path";
import type { ModelStore, StoredModel } from "../store/model-store.ts";
import type { ModelRecord } from "../store/model-records.ts";
import { templateOfJinja } from "../templates/jinja-template.ts";
import { templateOfNotation } from "../templates/model-template.ts";
import { findTemplate } from "./chat-template.ts";
import type { ChatTemplate } from "./chat-template.ts";
import { readGgufDetails } from "./gguf-details.ts";
import type { GgufDetails } from "./gguf-details.ts";

/** A model on this node's disk. */
export interface InstalledModel {
  readonly name: string;
  readonly path: string;
  readonly digest: string;
  /** SHA-256 of the weights. */
  readonly weights: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly details: GgufDetails;
  /** Absent for what does not chat, and for chat templates this node cannot read. */
  readonly template: ChatTemplate | undefined;
  /** Said before every conversation that brings no system message of its own. */
  readonly system: string | undefined;
  /** Options that hold where a request says nothing; the template's stop texts are among them. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly license: readonly string[];
  /** The model it was made from; empty when none. */
  readonly parent: string;
  readonly capabilities: readonly GgufDetails["purpose"][];
}

export interface InstalledModels {
  /** Everything installed, by name; the folder is looked at anew each time. */
  readonly list: () => Promise<readonly InstalledModel[]>;
  readonly find: (key: string) => Promise<InstalledModel | undefined>;
}

const templateFor = (record: ModelRecord, details: GgufDetails): ChatTemplate | undefined => {
  if (details.purpose !== "completion") return undefined;
  if (record.template !== undefined) return templateOfNotation(record.template, []);
  const { chatTemplate, endOfText } = details;
  return (
    findTemplate(chatTemplate) ??
    (chatTemplate === undefined ? undefined : templateOfJinja(chatTemplate, endOfText))
  );
};

const describe = async ({ record, path, modifiedMs }: StoredModel): Promise<InstalledModel> => {
  const details = await readGgufDetails(path);
  const template = templateFor(record, details);
  const stop = template?.stop ?? [];
  return {
    name: record.name,
    path,
    digest: record.digest,
    weights: record.weights,
    bytes: record.size,
    modifiedMs,
    details,
    template,
    system: record.system,
    parameters: { ...(stop.length === 0 ? {} : { stop }), ...record.parameters },
    license: record.license ?? [],
    parent: record.parent ?? "",
    capabilities: [details.purpose],
  };
};

/** The models that are complete and unchanged. A file's head is read once. */
export const createInstalledModels = (store: ModelStore): InstalledModels => {
  const described = new Map<string, Promise<InstalledModel | undefined>>();
  const describeOnce = (stored: StoredModel): Promise<InstalledModel | undefined> => {
    const { record } = stored;
    const key = [stored.path, record.name, record.digest, String(stored.modifiedMs)].join(" ");
    const known =
      described.get(key) ??
      describe(stored).catch((error: unknown) => {
        // One damaged file must not hide the others.
        console.error(`${basename(stored.path)} cannot be read and is left out: ${String(error)}`);
        return undefined;
      });
    described.set(key, known);
    return known;
  };
  const list = async (): Promise<readonly InstalledModel[]> => {
    const models = await Promise.all((await store.list()).map(describeOnce));
    const readable = models.filter((model) => model !== undefined);
    return readable.toSorted((a, b) => b.modifiedMs - a.modifiedMs || (a.name < b.name ? -1 : 1));
  };
  return {
    list,
    find: async (key) => (await list()).find(({ name }) => name.toLowerCase() === key),
  };
};
