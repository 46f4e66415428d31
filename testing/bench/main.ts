// npm run bench [-- PART …] [--json FILE] [--chunks N] [--minutes N] [--traffic FILE] [--foreign FILE] [--only STEP]: measures the real product and prints figures beside their goals. Never fails for a figure.
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { formatFigures, type Figure } from "./figures.ts";
import { benchAccess } from "./parts/access.ts";
import { benchCache } from "./parts/cache.ts";
import { benchCluster } from "./parts/cluster.ts";
import { benchConversation } from "./parts/conversation.ts";
import { benchEvidence } from "./parts/evidence.ts";
import { benchFaults } from "./parts/faults.ts";
import { benchIngestion } from "./parts/ingestion.ts";
import { benchMemory } from "./parts/memory.ts";
import { benchOverload } from "./parts/overload.ts";
import { benchPeople } from "./parts/people.ts";
import { benchReplay } from "./parts/replay.ts";
import { benchRetrieval } from "./parts/retrieval.ts";
import { benchScreen } from "./parts/screen.ts";
import { benchSimulation } from "./parts/simulation.ts";
import { benchParsing } from "./parts/parsing.ts";
import { benchSnapshots } from "./parts/snapshots.ts";
import { benchStart } from "./parts/start.ts";
import { benchTokens } from "./parts/tokens.ts";
import { benchUpload } from "./parts/upload.ts";

interface BenchOptions {
  /** Size of the corpus of `retrieval` and `snapshots`. */
  readonly chunks?: string | undefined;
  /** How long `people` and `replay` last; two and five unless said. */
  readonly minutes?: string | undefined;
  /** Wordings for `replay`, `{ cluster, questions }` a line; invented ones unless said. */
  readonly traffic?: string | undefined;
  /** Where `replay` writes what quoted another cluster's document, to be read. */
  readonly foreign?: string | undefined;
  /** One step of `cluster`: `added`, or a part of a race's name. */
  readonly only?: string | undefined;
}

const parts: Readonly<Record<string, (options: BenchOptions) => Promise<readonly Figure[]>>> = {
  start: benchStart,
  evidence: benchEvidence,
  cache: benchCache,
  replay: benchReplay,
  screen: benchScreen,
  conversation: benchConversation,
  people: benchPeople,
  access: benchAccess,
  ingestion: benchIngestion,
  retrieval: benchRetrieval,
  parsing: benchParsing,
  upload: benchUpload,
  snapshots: benchSnapshots,
  tokens: benchTokens,
  memory: benchMemory,
  cluster: benchCluster,
  faults: benchFaults,
  overload: benchOverload,
  simulation: benchSimulation,
};

const { values, positionals } = parseArgs({
  options: {
    json: { type: "string" },
    chunks: { type: "string" },
    minutes: { type: "string" },
    traffic: { type: "string" },
    foreign: { type: "string" },
    only: { type: "string" },
  },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`No such part: ${unknown.join(", ")}. There are ${Object.keys(parts).join(", ")}.`);
  process.exit(2);
}
const figures: Figure[] = [];
for (const name of positionals.length > 0 ? positionals : Object.keys(parts)) {
  console.log(`Measuring ${name} …`);
  figures.push(...((await parts[name]?.(values)) ?? []));
}
console.log(formatFigures(figures));
if (values.json !== undefined) await writeFile(values.json, JSON.stringify(figures, undefined, 2));
