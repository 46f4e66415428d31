import type { Fault } from "#testing/fakes/fake-ollama/behaviour.ts";
import { herdOver, type Herd } from "./herd.ts";
import { faultsOf, type SeenAnswer } from "./ledger.ts";
import type { NodeProcess } from "./node-process.ts";
import { until } from "./reached.ts";

export const matrixPlaces = [
  "at the start",
  "in the prefill",
  "between tokens",
  "at the end",
] as const;

export type Place = (typeof matrixPlaces)[number];

/** Something that befalls a node. */
export interface MatrixFault {
  readonly name: string;
  /** What the node is charged with for a request that it had; none = the request goes on there. */
  readonly charges: readonly string[];
  /** What the node works on breaks. */
  readonly breaksWork?: boolean;
  /** It spoils one request, and the node is sound again. */
  readonly stream?: Fault;
  /** It changes the node for good. */
  readonly inflict?: (node: NodeProcess, herd: Herd) => unknown;
  readonly mend?: (node: NodeProcess, herd: Herd) => unknown;
  /** Nobody answers where it befalls all nodes: that Drover has noticed. */
  readonly isNoticed?: (herd: Herd) => boolean;
}

const tokens = 30;
const promptWords = 100;
const sound = { prefillPerSecond: 400, batchTokens: 16, decodePerSecond: 100 };
const tenth = { prefillPerSecond: 40, decodePerSecond: 10 };

const areAway = ({ cluster }: Herd): boolean =>
  cluster.registry.entries().every(({ status }) => status.kind === "unreachable");
const allFailed = ({ cluster, nodes }: Herd): boolean =>
  cluster.engine.records.failovers().length >= nodes.length;

/** The node's weights as its next sweep would find them. */
async function weigh(node: NodeProcess, { cluster }: Herd, chatDigest: string): Promise<void> {
  await node.behave({ chatDigest });
  const { registry } = cluster;
  const installed = await registry
    .entry(node.id)
    ?.node.installedModels(new AbortController().signal);
  registry.update(node.id, { installed: installed ?? [] });
}

export const matrixFaults: readonly MatrixFault[] = [
  {
    ...{ name: "killed", charges: ["cut", "refused", "unreachable"], isNoticed: areAway },
    breaksWork: true,
    inflict: (node) => node.kill(),
    mend: (node) => node.restart(),
  },
  {
    ...{ name: "stopped", charges: ["frozen", "unreachable"], isNoticed: areAway },
    breaksWork: true,
    inflict: (node) => {
      node.freeze();
    },
    mend: (node) => {
      node.thaw();
    },
  },
  {
    ...{ name: "slowed to a tenth", charges: [] },
    inflict: (node) => node.behave(tenth),
    mend: (node) => node.behave(sound),
  },
  {
    ...{ name: "refusing", charges: ["cut", "refused", "unreachable"], isNoticed: areAway },
    inflict: (node) => node.behave({ fault: "refuse" }),
    mend: (node) => node.behave({ fault: "none" }),
  },
  {
    ...{ name: "lying about its health", charges: ["status-500"], isNoticed: allFailed },
    inflict: (node) => node.behave({ fault: "lie" }),
    mend: (node) => node.behave({ fault: "none" }),
  },
  {
    ...{ name: "given other weights", charges: [] },
    inflict: (node, herd) => weigh(node, herd, "f".repeat(64)),
    mend: (node, herd) => weigh(node, herd, "c".repeat(64)),
  },
  { name: "cutting the connection", charges: ["cut"], stream: "cut" },
  { name: "ending without done", charges: ["no-done"], stream: "no-done" },
  { name: "answering garbage", charges: ["not-json"], stream: "garbage" },
  { name: "reporting an error in a 200", charges: ["error-line"], stream: "error-line" },
];

export interface CellResult {
  readonly answers: readonly SeenAnswer[];
  /** What is wrong with any answer. */
  readonly faults: readonly string[];
  /** What nodes were charged with. */
  readonly charged: readonly { readonly nodeId: string; readonly reason: string }[];
}

/**
 * A request on each node, and some of the nodes break at that place. Where one is sound, as many ask again before the broken ones are
 * mended; where none is that could answer, they are mended when Drover has noticed. Everyone is to be answered whole.
 * @param hit how many of the nodes break
 */
export async function runCell(
  nodes: readonly NodeProcess[],
  fault: MatrixFault,
  place: Place,
  hit: number,
): Promise<CellResult> {
  await Promise.all(nodes.map((node) => node.renew(sound)));
  const herd = await herdOver(nodes, 1);
  const broken = nodes.slice(0, hit);
  const ask = (): Promise<SeenAnswer>[] => nodes.map(() => herd.ask(tokens, promptWords));
  try {
    const early = fault.stream === undefined && place !== "at the start" ? ask() : [];
    await Promise.all(
      broken.map(async (node) => {
        if (early.length > 0) await isAt(node, place);
        await befall(node, herd, fault, place);
      }),
    );
    const asked = [...early, ...ask()];
    const { isNoticed } = fault;
    if (hit < nodes.length || isNoticed === undefined) await Promise.all(asked);
    else await until(() => isNoticed(herd));
    await Promise.all(broken.map((node) => fault.mend?.(node, herd)));
    const answers = await Promise.all(asked);
    const charged = herd.cluster.engine.records.failovers();
    return { answers, charged, faults: answers.flatMap(faultsOf) };
  } finally {
    await herd.stop();
  }
}

const tokensBeforeFault: Readonly<Record<Place, number>> = {
  "at the start": 0,
  "in the prefill": -1,
  "between tokens": 7,
  "at the end": tokens,
};

const befall = async (
  node: NodeProcess,
  herd: Herd,
  { stream, inflict }: MatrixFault,
  place: Place,
): Promise<void> => {
  const spoiling = { faultCount: 1, tokensBeforeFault: tokensBeforeFault[place] };
  if (stream !== undefined) await node.behave({ fault: stream, ...spoiling });
  await inflict?.(node, herd);
};

const nearEnd = tokens - 5;

/** Resolves when the node's request is there; its last tokens come more slowly, so that the end is not missed. */
async function isAt(node: NodeProcess, place: Place): Promise<void> {
  let isSlower = false;
  await until(async () => {
    const [request] = await node.seen();
    const sent = request?.sent ?? 0;
    if (place === "in the prefill") return request?.startedAt !== undefined;
    if (place === "between tokens") return sent >= tokensBeforeFault[place];
    if (sent >= nearEnd && !isSlower) {
      isSlower = true;
      await node.behave({ decodePerSecond: 10 });
    }
    return sent >= tokens;
  });
}
