import { createHash } from "node:crypto";

/** A line of a pull's or a creation's progress. */
export interface Status {
  readonly status?: string;
  readonly error?: string;
  readonly total?: number;
  readonly completed?: number;
}

export interface Tagged {
  readonly name: string;
  readonly digest: string;
}

export const statusesOf = async (response: Response): Promise<readonly Status[]> =>
  (await response.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Status);

export const words = (statuses: readonly Status[]): readonly string[] => [
  ...new Set(statuses.map(({ status, error }) => status ?? error ?? "")),
];

export const tagged = async (url: string): Promise<readonly Tagged[]> =>
  ((await (await fetch(`${url}/api/tags`)).json()) as { models: Tagged[] }).models;

export const namesOn = async (url: string): Promise<readonly string[]> =>
  (await tagged(url)).map(({ name }) => name);

export const deleteModel = (url: string, model: string): Promise<Response> =>
  fetch(`${url}/api/delete`, { method: "DELETE", body: JSON.stringify({ model }) });

export const blobUrl = (url: string, data: Buffer): string =>
  `${url}/api/blobs/sha256:${createHash("sha256").update(data).digest("hex")}`;
