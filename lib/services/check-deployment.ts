import { fail, ok, warn, type Finding } from "../core/deployment/finding.ts";
import { judgeDisk, judgeSecurity } from "../core/deployment/judge-machine.ts";
import {
  judgeAgreement,
  judgeNode,
  type JudgedNode,
  type ModelNames,
} from "../core/deployment/judge-nodes.ts";
import { judgeDatabase, judgeRedis, judgeRedisCache } from "../core/deployment/judge-stores.ts";
import type { Clock } from "../ports/clock.ts";
import type { DatabaseFacts, DeploymentFacts, DeploymentTrial } from "../ports/deployment-facts.ts";

/** What of the configuration is checked. */
export interface CheckedDeployment {
  readonly nodes: readonly {
    readonly id: string;
    readonly baseUrl: string;
    readonly slots: number;
  }[];
  readonly models: ModelNames;
  readonly redisUrl: string | undefined;
  readonly redisCacheUrl: string | undefined;
  readonly dataDir: string;
  readonly modelsDir: string;
  readonly secretFile: string;
  readonly setupLinkFile: string;
  readonly host: string;
  readonly publicOrigin: string | undefined;
}

export interface CheckDeploymentDeps {
  readonly facts: DeploymentFacts;
  readonly trial: DeploymentTrial;
  readonly clock: Pick<Clock, "wallTime">;
}

const trialDocument = {
  name: "Deployment check.txt",
  text: "The observatory opens at nine in the evening.\n\nThe spare key of the observatory hangs behind the blue barometer in the hall.\n\nVisitors leave their lamps at the gate.\n",
};
const trialQuestion = "Where does the spare key of the observatory hang?";
const trialWords = "blue barometer";

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Looks at everything that must work before people come, one finding after another; what fails does not hide the rest. */
export async function* checkDeployment(
  { facts, trial, clock }: CheckDeploymentDeps,
  deployment: CheckedDeployment,
): AsyncGenerator<Finding, void> {
  yield ok("configuration", "valid");
  const database = await facts.database().catch(reasonOf);
  if (typeof database === "string")
    yield fail("database", `does not answer: ${database}`, "Start it, or correct DATABASE_URL.");
  else yield* judgeDatabase(database);
  if (deployment.redisUrl !== undefined) yield await checkRedis(facts, deployment.redisUrl);
  if (deployment.redisCacheUrl !== undefined)
    yield await checkRedisCache(facts, deployment.redisCacheUrl);
  const judged: JudgedNode[] = [];
  for (const node of deployment.nodes) {
    const found = await facts.node(node.baseUrl, deployment.models.chat).catch(reasonOf);
    if (typeof found === "string")
      yield fail(
        `node ${node.id}`,
        `${node.baseUrl} does not answer: ${found}`,
        "Start it, or take it out of OLLAMA_NODES.",
      );
    else judged.push({ ...node, facts: found });
  }
  let usable = 0;
  for (const node of judged) {
    const findings = judgeNode(node, deployment.models, clock.wallTime());
    if (findings.every(({ verdict }) => verdict !== "fail")) usable += 1;
    yield* findings;
  }
  yield* judgeAgreement(judged, deployment.models);
  yield* await checkDisk(facts, deployment);
  yield* await checkSecurity(facts, deployment);
  yield await checkQuestion(trial, typeof database === "string" ? null : database, usable);
}

const checkRedis = (facts: DeploymentFacts, url: string): Promise<Finding> =>
  facts
    .redis(url)
    .then(judgeRedis, (error: unknown) =>
      fail("Redis", `does not answer: ${reasonOf(error)}`, "Start it, or correct REDIS_URL."),
    );

/** Without it answers come, only later. */
const checkRedisCache = (facts: DeploymentFacts, url: string): Promise<Finding> =>
  facts
    .redis(url)
    .then(judgeRedisCache, (error: unknown) =>
      warn(
        "Redis for the cache",
        `does not answer: ${reasonOf(error)}`,
        "Start it, or correct REDIS_CACHE_URL. The cache goes on without it.",
      ),
    );

async function checkDisk(
  facts: DeploymentFacts,
  { dataDir, modelsDir }: CheckedDeployment,
): Promise<readonly Finding[]> {
  const free = new Map<string, number>();
  for (const folder of new Set([dataDir, modelsDir])) {
    const bytes = await facts.freeBytes(folder).catch(() => null);
    if (bytes !== null) free.set(folder, bytes);
  }
  return judgeDisk(free);
}

async function checkSecurity(
  facts: DeploymentFacts,
  deployment: CheckedDeployment,
): Promise<readonly Finding[]> {
  const secret = await facts.file(deployment.secretFile);
  const link = await facts.file(deployment.setupLinkFile);
  return judgeSecurity({
    host: deployment.host,
    publicOrigin: deployment.publicOrigin,
    secretMode: secret?.mode ?? null,
    isSetupOpen: link !== null,
    userId: facts.userId(),
  });
}

async function checkQuestion(
  trial: DeploymentTrial,
  database: DatabaseFacts | null,
  usableNodes: number,
): Promise<Finding> {
  const check = "a question, end to end";
  if (database === null || usableNodes === 0)
    return fail(check, "not tried", "Mend what failed above, then check again.");
  if (database.missingSteps !== 0)
    return warn(
      check,
      "not tried: the data is not in shape",
      "Start Drover once, then check again.",
    );
  try {
    const answer = await trial.run(trialDocument, trialQuestion);
    const found = answer.quotes.some((quote) => quote.includes(trialWords));
    const times = `read in ${answer.readingMs.toFixed(0)} ms, quoted in ${answer.evidenceMs.toFixed(0)} ms`;
    return found
      ? ok(check, `a document was ${times}, and is gone again`)
      : fail(
          check,
          `the right sentence was not quoted (${answer.outcome})`,
          "See docs/operations.md, Testing nodes.",
        );
  } catch (error) {
    return fail(check, reasonOf(error), "Mend what failed above; the log of the app says more.");
  }
}
