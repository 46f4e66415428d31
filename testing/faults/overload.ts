import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isAppError } from "#lib/core/errors/app-error.ts";
import { defaultSettings, type Settings } from "#lib/core/settings/settings.ts";
import { startDocumentLine } from "#testing/integration/documents/document-line.ts";
import { databaseConnections, depots, openDoor, townOf, type Door } from "./door.ts";
import { startHerd } from "./herd.ts";

export interface OverloadOptions {
  readonly seconds: number;
  /** Questions a second ÷ what the nodes can answer. */
  readonly factor: number;
  readonly nodes: number;
  /** Time that one answer takes on a node. */
  readonly answerMs: number;
  /** Predicted wait beyond which a question is refused. */
  readonly longestWaitSeconds: number;
  /** Asked on a cluster at rest, one after another. */
  readonly idleQuestions: number;
  /** For how long a refusal looks for a kept answer: as the product without it. */
  readonly lookUpMs?: number;
}

export interface OverloadResult {
  readonly answered: number;
  /** From the question to its quotes on a cluster at rest, and in the rush, ms. */
  readonly idleEvidenceMs: readonly number[];
  readonly evidenceMs: readonly number[];
  /** From the question to its refusal, ms. */
  readonly refusedMs: readonly number[];
  /** Refusals that did not say when to come back. */
  readonly refusedWithoutTime: number;
  /** What each who waited was told first, against how long it took from there, ms. */
  readonly waits: readonly { readonly toldMs: number; readonly waitedMs: number }[];
  /** Let in and not answered. */
  readonly lost: readonly string[];
  /** Askers of a question whose answer is kept: told, and refused all the same. */
  readonly kept: { readonly answered: number; readonly refused: number };
  /** Until the last question was asked, ms. */
  readonly rushMs: number;
  /** Bytes in use at the end of the rush ÷ after its first third. */
  readonly heapGrowth: number;
}

export const keptRefusedShare = ({ kept }: OverloadResult): number =>
  kept.refused / (kept.answered + kept.refused);

// Enough that nobody asks who still waits for an answer: a third question of one person waits for the first two, quotes included.
const people = 300;
const tokensAnswer = 24;
const knownQuestion = "What is the capacity of depot 7 in Bergen?";

// Each makes another question of the same fact, so that no answer is a kept one.
const stems = [
  ...["What is the capacity of", "Which capacity has", "How large is the capacity of"],
  ...["What capacity in tonnes has", "How many tonnes of grain is the capacity of"],
  ...["State the capacity of", "Give the capacity of", "Name the capacity of"],
  ...["What is the grain capacity of", "How much is the capacity of", "Tell me the capacity of"],
  ...["What is the capacity in tonnes of", "Capacity of", "The capacity of"],
  ...["Please tell me the capacity of", "What was the capacity of", "How big is the capacity of"],
  ...["What would be the capacity of", "Grain capacity of", "Capacity in tonnes of"],
];

/** A rush at the door of the whole line from question to answer: real database, search, cache, admission and queue over fake nodes. */
export async function runOverload(options: OverloadOptions): Promise<OverloadResult> {
  const decodePerSecond = (tokensAnswer * 1000) / options.answerMs;
  const settings: Settings = {
    ...defaultSettings,
    limits: {
      ...defaultSettings.limits,
      requestsPerMinute: 0,
      interactiveWaitSeconds: options.longestWaitSeconds,
    },
  };
  const waits: { readonly toldMs: number; readonly waitedMs: number }[] = [];
  const herd = await startHerd(
    options.nodes,
    { reply: "word ".repeat(tokensAnswer), decodePerSecond, prefillPerSecond: 20_000 },
    {
      settings: () => settings,
      onCallEnd({ kind, expectedMs, queuedMs, toldAfterMs }) {
        if (kind === "chat" && expectedMs !== null)
          waits.push({ toldMs: expectedMs, waitedMs: queuedMs - toldAfterMs });
      },
    },
  );
  const line = await startDocumentLine(herd.cluster.models, databaseConnections);
  try {
    const lookUp = options.lookUpMs === undefined ? {} : { lookUpMs: options.lookUpMs };
    const door = await openDoor(herd, line, { settings, people, ...lookUp });
    return { ...(await rush(options, door)), waits };
  } finally {
    await herd.stop();
    await line.close();
  }
}

interface Seen {
  readonly evidenceMs: number | null;
  readonly outcome: string;
}

async function ask({ running, askers }: Door, person: number, question: string): Promise<Seen> {
  const asker = askers[person % askers.length];
  if (asker === undefined) throw new Error("nobody asks");
  const startedAt = performance.now();
  const { conversationId } = asker;
  const { events } = await running.start(asker.actor, { conversationId, question });
  let evidenceMs: number | null = null;
  let outcome = "none";
  for await (const { event } of (await events(new AbortController().signal)) ?? []) {
    if (event.type === "evidence") evidenceMs ??= performance.now() - startedAt;
    if (event.type === "error") outcome = event.code;
    if (event.type === "text-end" && outcome === "none") ({ outcome } = event);
  }
  return { evidenceMs, outcome };
}

const questionOf = (number: number): string =>
  `${stems[Math.floor(number / depots) % stems.length] ?? ""} depot ${String(number % depots)} in ${townOf(number % depots)}?`;

async function rush(options: OverloadOptions, door: Door): Promise<Omit<OverloadResult, "waits">> {
  const { idleQuestions } = options;
  const idle: Seen[] = [];
  await ask(door, 0, knownQuestion);
  for (let index = 0; index < idleQuestions; index += 1)
    idle.push(await ask(door, index, questionOf(index)));

  const seen: Seen[] = [];
  const refusedMs: number[] = [];
  const kept = { answered: 0, refused: 0 };
  let refusedWithoutTime = 0;
  const askOnce = async (number: number): Promise<void> => {
    const startedAt = performance.now();
    try {
      seen.push(await ask(door, number, questionOf(number)));
    } catch (error) {
      if (!isAppError(error, "cluster_saturated") && !isAppError(error, "rate_limited")) {
        seen.push({ evidenceMs: null, outcome: String(error) });
        return;
      }
      refusedMs.push(performance.now() - startedAt);
      if (error.details.retryAfterMs <= 0) refusedWithoutTime += 1;
    }
  };
  const askKnown = async (person: number): Promise<void> => {
    const end = await ask(door, person, knownQuestion).then(
      ({ outcome }) => outcome,
      () => "refused",
    );
    kept[end === "complete" ? "answered" : "refused"] += 1;
  };
  const perSecond = (options.factor * options.nodes * 1000) / options.answerMs;
  const count = Math.round(options.seconds * perSecond);
  const startedAt = performance.now();
  const asking: Promise<void>[] = [];
  let heapAtThird = 0;
  for (let number = 0; number < count; number += 1) {
    const due = startedAt + (number * 1000) / perSecond;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    asking.push(askOnce(idleQuestions + number));
    if (number % Math.ceil(perSecond) === 0) asking.push(askKnown(number));
    // Between two of those who ask what is kept: collecting stops this process, and with it the time that their look has.
    if (number === Math.floor(count / 3) + Math.ceil(perSecond / 2)) heapAtThird = heapInUse();
  }
  const heapAtEnd = heapInUse();
  const rushMs = performance.now() - startedAt;
  await Promise.all(asking);
  if (door.faults.length > 0) throw door.faults[0];
  const evidenceOf = (of: readonly Seen[]): readonly number[] =>
    of.flatMap(({ evidenceMs }) => evidenceMs ?? []);
  return {
    answered: seen.length,
    idleEvidenceMs: evidenceOf(idle),
    evidenceMs: evidenceOf(seen),
    ...{ refusedMs, refusedWithoutTime, rushMs, kept },
    lost: seen.map(({ outcome }) => outcome).filter((outcome) => outcome !== "complete"),
    heapGrowth: heapAtEnd / heapAtThird,
  };
}

/** Without what nobody holds any more. */
function heapInUse(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
