import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { inventedWord } from "./corpus.ts";

/** Wordings of one question; one document answers all of them. */
export interface TrafficCluster {
  readonly name: string;
  readonly questions: readonly string[];
}

/** A file of `{ cluster, questions }` lines, packed or not; what is there of it in its order. */
export async function readTraffic(path: string): Promise<readonly TrafficCluster[]> {
  const bytes = await readFile(path);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => {
      const { cluster, questions } = JSON.parse(line) as {
        readonly cluster: number | string;
        readonly questions: readonly string[];
      };
      return { name: `cluster-${String(cluster)}`, questions };
    });
}

const wordings: readonly ((thing: string, part: string) => string)[] = [
  (thing, part) => `What is the ${part} of the ${thing}?`,
  (thing, part) => `Please tell me what the ${part} of the ${thing} is`,
  (thing, part) => `What's the ${thing}'s ${part}?`,
  (thing, part) => `Where can I read about the ${part} of the ${thing}?`,
  (thing, part) => `Tell me everything on ${thing} and its ${part}.`,
];

/** Invented clusters of five wordings, two of which only a reader would take for the same question. */
export const inventedTraffic = (clusters: number): readonly TrafficCluster[] =>
  Array.from({ length: clusters }, (_, index) => {
    const [thing, part] = [inventedWord(300 + 2 * index), inventedWord(301 + 2 * index)];
    const questions = wordings.map((wording) => wording(thing, part));
    return { name: `cluster-${String(index)}`, questions };
  });

/** The document that answers a cluster. */
export const documentOf = ({ name, questions }: TrafficCluster): string =>
  `${questions[0] ?? ""}\n\nThe answer to “${questions[0] ?? ""}” is recorded as answer ${name}.\n`;
