import { writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { readFrames } from "#components/api/event-frames.ts";
import type { CacheReport } from "#components/api/cache-shapes.ts";
import type { ChatEvent } from "#lib/core/chat/events.ts";
import { addMembers, signInMember } from "../accounts.ts";
import { seededRandom } from "../corpus.ts";
import { quantile, type Figure } from "../figures.ts";
import { beginWithOneDocument } from "../filled-product.ts";
import { type Person, signIn } from "../person.ts";
import { newDataDir, type Product, removeDataDir, startProduct } from "../product.ts";
import { documentOf, inventedTraffic, readTraffic, type TrafficCluster } from "../traffic.ts";

const perMinute = 1000;
const members = 120;
const uploadsAtOnce = 6;
/** Past it nobody waits for a first word. */
const patienceMs = 30_000;
const seed = 11;

interface Asked {
  readonly question: string;
  readonly cluster: string;
}

interface Answered {
  /** From the question to a quote that answers, or to a word; `null` when none came. */
  readonly usefulMs: number | null;
  readonly end: "answered" | "evidence-alone" | "no-answer" | "turned-away" | "gave-up" | "failed";
  readonly isCached: boolean;
  /** The passage of another cluster's document that was quoted first: for a reader to say whether it answers all the same. */
  readonly foreign: string | null;
}

/** A thousand people a minute, each with one question of the traffic, against one document a cluster, everything on this machine. */
export async function benchReplay({
  minutes,
  traffic,
  foreign,
}: {
  readonly minutes?: string | undefined;
  readonly traffic?: string | undefined;
  readonly foreign?: string | undefined;
}): Promise<readonly Figure[]> {
  const lastsMinutes = Number(minutes ?? "5");
  const most = Math.round(lastsMinutes * perMinute);
  const clusters = enough(
    traffic === undefined ? inventedTraffic(most / 5) : await readTraffic(traffic),
    most,
  );
  const dataDir = await newDataDir();
  try {
    await beginWithOneDocument(dataDir);
    await addMembers(dataDir, members);
    const product = await startProduct(dataDir);
    try {
      const person = await signIn(product);
      await uploadAll(person, clusters);
      const asked = shuffled(clusters).slice(0, most);
      const answers = await replay(product, asked);
      if (foreign !== undefined) await writeForeign(foreign, asked, answers);
      return figuresOf(answers, await person.cacheReport(), lastsMinutes);
    } finally {
      await product.stop();
    }
  } finally {
    await removeDataDir(dataDir);
  }
}

/** The first clusters with so many questions among them. */
function enough(clusters: readonly TrafficCluster[], most: number): readonly TrafficCluster[] {
  let count = 0;
  return clusters.filter(({ questions }) => {
    const isWanted = count < most;
    count += questions.length;
    return isWanted;
  });
}

async function uploadAll(person: Person, clusters: readonly TrafficCluster[]): Promise<void> {
  const next = clusters.values();
  const work = async (): Promise<void> => {
    for (const cluster of next) {
      const content = new TextEncoder().encode(documentOf(cluster));
      await person.untilReady(await person.upload(`${cluster.name}.txt`, content));
    }
  };
  await Promise.all(Array.from({ length: uploadsAtOnce }, work));
}

function shuffled(clusters: readonly TrafficCluster[]): readonly Asked[] {
  const random = seededRandom(seed);
  return clusters
    .flatMap(({ name, questions }) => questions.map((question) => ({ question, cluster: name })))
    .map((asked) => ({ asked, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ asked }) => asked);
}

/** Questions come at random moments (Poisson), whether or not the earlier ones have been answered. */
async function replay(product: Product, asked: readonly Asked[]): Promise<readonly Answered[]> {
  const cookies: string[] = [];
  const next = Array.from({ length: members }, (_, index) => index).values();
  const signInRest = async (): Promise<void> => {
    for (const index of next) cookies.push(await signInMember(product.origin, index));
  };
  await Promise.all([signInRest(), signInRest()]);
  const random = seededRandom(seed + 1);
  const running: Promise<Answered>[] = [];
  let at = performance.now();
  for (const [index, one] of asked.entries()) {
    at += (-Math.log(1 - random()) * 60_000) / perMinute;
    await delay(Math.max(0, at - performance.now()));
    running.push(answered(product.origin, cookies[index % cookies.length] ?? "", one));
  }
  return Promise.all(running);
}

const failed = (end: Answered["end"]): Answered => ({
  ...{ usefulMs: null, end, isCached: false, foreign: null },
});

async function answered(origin: string, cookie: string, asked: Asked): Promise<Answered> {
  const askedAt = performance.now();
  const events: ChatEvent[] = [];
  const useful: { atMs: number | null } = { atMs: null };
  const hear = (event: ChatEvent): void => {
    events.push(event);
    if (isUseful(event)) useful.atMs ??= performance.now() - askedAt;
  };
  try {
    const refused = await follow(origin, cookie, asked.question, hear);
    if (refused !== null) return failed(refused);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "TimeoutError") return failed("failed");
    const end = useful.atMs === null ? "gave-up" : "answered";
    return { ...outcomeOf(events, asked), usefulMs: useful.atMs, end };
  }
  return { ...outcomeOf(events, asked), usefulMs: useful.atMs };
}

/** Why the question was not let in; `null` once its answer has ended. */
async function follow(
  origin: string,
  cookie: string,
  question: string,
  hear: (event: ChatEvent) => void,
): Promise<"turned-away" | "failed" | null> {
  const headers = { origin, cookie, "content-type": "application/json" };
  const response = await fetch(`${origin}/api/conversations`, {
    method: "POST",
    headers: { ...headers, accept: "text/event-stream" },
    body: JSON.stringify({ question, collectionIds: [] }),
    signal: AbortSignal.timeout(patienceMs),
  });
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    return response.status === 429 || response.status === 503 ? "turned-away" : "failed";
  }
  const frames = readFrames(response.body);
  await frames.next();
  for (let frame = await frames.next(); frame?.event === "message"; frame = await frames.next())
    hear(JSON.parse(frame.data) as ChatEvent);
  return null;
}

const isUseful = (event: ChatEvent): boolean =>
  (event.type === "evidence" && event.verdict === "answerable") || event.type === "text-delta";

function outcomeOf(events: readonly ChatEvent[], { cluster }: Asked): Omit<Answered, "usefulMs"> {
  const sources = events.flatMap((event) => (event.type === "sources" ? event.sources : []));
  const evidence = events.findLast((event) => event.type === "evidence");
  const first = evidence?.verdict === "answerable" ? evidence.quotes[0] : undefined;
  const source = sources.find(({ citation }) => citation === first?.citation);
  const hasWords = events.some((event) => event.type === "sentence" && event.supported);
  const isTurnedAway = events.some((event) => event.type === "error");
  return {
    end: isTurnedAway
      ? "turned-away"
      : first === undefined
        ? "no-answer"
        : hasWords
          ? "answered"
          : "evidence-alone",
    isCached: events.some((event) => event.type === "notice" && event.kind === "cached"),
    foreign:
      source === undefined || source.text.includes(`answer ${cluster}.`) ? null : source.text,
  };
}

/** One line each, those from the cache first. */
async function writeForeign(
  path: string,
  asked: readonly Asked[],
  answers: readonly Answered[],
): Promise<void> {
  const lines = answers
    .map(({ isCached, foreign }, index) => ({ isCached, ...asked[index], foreign }))
    .filter(({ foreign }) => foreign !== null)
    .sort((one, other) => Number(other.isCached) - Number(one.isCached));
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

function figuresOf(
  answers: readonly Answered[],
  report: CacheReport,
  minutes: number,
): readonly Figure[] {
  const against = `${String(answers.length)} questions in ${String(minutes)} min, one document a cluster, embedded parts on the same cores`;
  const share = (
    name: string,
    count: number,
    better: Figure["better"],
    goal: number | null = null,
  ): Figure => ({
    ...{
      part: "replay",
      name,
      value: count / answers.length,
      unit: "share",
      goal,
      better,
      against,
    },
  });
  const useful = answers.flatMap(({ usefulMs }) => usefulMs ?? []);
  const cached = answers.filter(({ isCached }) => isCached);
  const ms = (name: string, value: number): Figure => ({
    ...{ part: "replay", name, value, unit: "ms", goal: null, better: "lower", against },
  });
  const ended = (end: Answered["end"]): number => answers.filter((one) => one.end === end).length;
  const tier = (result: string): number =>
    report.hours.reduce((sum, hour) => sum + (hour.result === result ? hour.lookups : 0), 0);
  return [
    ms("first useful text p50", quantile(useful, 0.5)),
    ms("first useful text p95", quantile(useful, 0.95)),
    ...(cached.length === 0
      ? []
      : [
          ms(
            "of these from the cache, p95",
            quantile(
              cached.flatMap((one) => one.usefulMs ?? []),
              0.95,
            ),
          ),
        ]),
    share("given a useful text", useful.length, "higher"),
    share("from the cache", cached.length, "higher"),
    ...["exact", "alias", "vetted", "semantic"].map((name) =>
      share(`hits by tier: ${name}`, tier(name), "higher"),
    ),
    share("with words of the model", ended("answered"), "higher"),
    share("answered by evidence alone", ended("evidence-alone"), "higher"),
    share("refused: nothing in the documents", ended("no-answer"), "lower"),
    share("refused: too many questions", ended("turned-away"), "lower"),
    share("gave up without a word", ended("gave-up"), "lower"),
    share("failed", ended("failed"), "lower", 0),
    share("wrong document quoted", answers.filter((one) => one.foreign !== null).length, "lower"),
    share(
      "wrong document quoted, from the cache",
      cached.filter((one) => one.foreign !== null).length,
      "lower",
    ),
  ];
}
