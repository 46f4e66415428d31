import type { Figure } from "../figures.ts";
import { startNodesProcess, type NodesProcess } from "../paced-nodes/nodes-process.ts";
import type { Pace } from "../paced-nodes/paced-node.ts";
import { contestants, type ContestantName } from "../proxies/contestants.ts";
import { embeddedSanity } from "../proxies/embedded-sanity.ts";
import { measureOverhead } from "../proxies/overhead.ts";
import { runRace, type Race, type Result } from "../proxies/race.ts";
import { mixedStream, sessionStream } from "../proxies/request-stream.ts";

const pace: Pace = {
  slots: 2,
  prefillPerSecond: 1500,
  decodePerSecond: 100,
  loadMs: 1500,
  residentModels: 1,
  cachedPrompts: 8,
};
const field = { pace, nodes: 4 };
const freezeMs = 20_000;
const incidentAtMs = 3000;

/** The same four streams for everyone, from fixed seeds. */
const races = {
  "two models": {
    ...field,
    models: ["chat-a:1b", "chat-b:1b"],
    stream: mixedStream(
      { seed: 1, requests: 110, perSecond: 7 },
      { "chat-a:1b": 0.6, "chat-b:1b": 0.4 },
    ),
  },
  sessions: {
    ...field,
    models: ["chat-a:1b"],
    stream: sessionStream({ seed: 2, requests: 130, perSecond: 7 }, "chat-a:1b", 24),
  },
  "a node frozen for 20 s": {
    ...field,
    models: ["chat-a:1b"],
    stream: mixedStream({ seed: 3, requests: 100, perSecond: 6 }, { "chat-a:1b": 1 }),
    incident: { kind: "freeze", atMs: incidentAtMs, forMs: freezeMs },
  },
  "a node killed": {
    ...field,
    models: ["chat-a:1b"],
    stream: mixedStream({ seed: 4, requests: 80, perSecond: 6 }, { "chat-a:1b": 1 }),
    incident: { kind: "kill", atMs: incidentAtMs, forMs: 0 },
  },
} satisfies Readonly<Record<string, Race>>;

type RaceName = keyof typeof races;
type Results = ReadonlyMap<ContestantName, Result>;

const names = Object.keys(contestants) as ContestantName[];

const row = (
  name: string,
  value: number,
  unit: string,
  against: string,
  goal: number | null = null,
  better: Figure["better"] = "lower",
): Figure => ({ part: "cluster", name, value, unit, goal, better, against });

const rowsOf = (race: RaceName, contestant: ContestantName, result: Result): readonly Figure[] => {
  const label = `${race}, ${contestant}`;
  const { swaps } = result.stats;
  return [
    row(`${label}: first token, mean`, result.meanMs, "ms", "from the moment it was due"),
    row(`${label}: first token, p95`, result.p95Ms, "ms", "from the moment it was due"),
    ...(race === "two models"
      ? [row(`${label}: swaps`, swaps / result.requests, "a request", "loads of a model")]
      : []),
    ...(race.startsWith("a node")
      ? [
          row(`${label}: first token, p99`, result.p99Ms, "ms", "from the moment it was due"),
          row(
            `${label}: cut or lost`,
            result.cut + result.lost,
            "answers",
            `of ${String(result.requests)}`,
          ),
        ]
      : []),
  ];
};

const runAll = async (
  race: RaceName,
  nodes: NodesProcess,
): Promise<{ readonly rows: readonly Figure[]; readonly results: Results }> => {
  const rows: Figure[] = [];
  const results = new Map<ContestantName, Result>();
  for (const contestant of names) {
    console.log(`  ${race}: ${contestant} …`);
    const result = await runRace(contestant, races[race], nodes);
    if (result === undefined) {
      const program = contestants[contestant].program ?? "";
      rows.push(row(`${race}, ${contestant}`, 0, "not measured", `${program} is not installed`));
      continue;
    }
    results.set(contestant, result);
    rows.push(...rowsOf(race, contestant, result));
  }
  return { rows, results };
};

const bestOther = (results: Results): number =>
  Math.min(...[...results].filter(([name]) => name !== "drover").map(([, { meanMs }]) => meanMs));

const ratio = (race: RaceName, results: Results, goal: number): readonly Figure[] => {
  const own = results.get("drover");
  if (own === undefined) return [];
  return [
    row(
      `${race}: Drover, mean first token`,
      own.meanMs / bestOther(results),
      "×",
      "the best of the others",
      goal,
    ),
  ];
};

const reusable = races.sessions.stream.reduce((sum, request) => sum + request.reusableTokens, 0);

const goalsOf = (race: RaceName, results: Results): readonly Figure[] => {
  const own = results.get("drover");
  if (own === undefined) return [];
  switch (race) {
    case "two models":
      return ratio(race, results, 0.4);
    case "sessions":
      return [
        ...ratio(race, results, 0.65),
        ...[...results].map(([name, { stats }]) =>
          row(
            `sessions, ${name}: reusable tokens found`,
            stats.cachedTokens / reusable,
            "share",
            "tokens that the conversation had sent before",
            name === "drover" ? 0.75 : null,
            "higher",
          ),
        ),
      ];
    case "a node frozen for 20 s":
      return [
        row(
          `${race}: Drover, first token p99`,
          own.p99Ms,
          "ms",
          "with a node silent for 20 s",
          2500,
        ),
      ];
    case "a node killed":
      return [
        row(`${race}: Drover, lost`, own.lost, "answers", `of ${String(own.requests)}`, 0),
        row(`${race}: Drover, cut`, own.cut, "answers", `of ${String(own.requests)}`, 0),
      ];
    default:
      return race satisfies never;
  }
};

interface ClusterOptions {
  /** Part of the name of the step to be run; all unless said. */
  readonly only?: string | undefined;
}

const addedStep = "added to a call";

/** Drover beside the proxies that people would use instead, over paced nodes; what Drover adds to a call; a row on real nodes. */
export async function benchCluster({ only = "" }: ClusterOptions): Promise<readonly Figure[]> {
  const nodes = startNodesProcess();
  const figures: Figure[] = [];
  try {
    if (addedStep.includes(only)) figures.push(...(await measureOverhead(nodes)));
    for (const race of (Object.keys(races) as RaceName[]).filter((name) => name.includes(only))) {
      const { rows, results } = await runAll(race, nodes);
      figures.push(...rows, ...goalsOf(race, results));
    }
  } finally {
    nodes.stop();
  }
  return only === "" ? [...figures, ...(await embeddedSanity())] : figures;
}
