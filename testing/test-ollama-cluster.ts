// npm run test:cluster [-- --nodes http://…,http://… --requests N --json FILE]
// Tests nodes as Drover will use them. Without --nodes it starts two embedded ones. Exit code: 0 fit, 1 not, 2 wrong arguments.
import { access, constants, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import type { Finding } from "#lib/core/deployment/finding.ts";
import { isAppError } from "#lib/core/errors/app-error.ts";
import { checkAgreement } from "./cluster-check/agreement.ts";
import { openBalanced, type Balanced, type ModelNames } from "./cluster-check/balanced.ts";
import { checkDirectly, type DirectResult } from "./cluster-check/direct.ts";
import { checkDistribution, checkThroughBalancer } from "./cluster-check/distribution.ts";
import { checkFailover } from "./cluster-check/failover.ts";
import { formatReport, type ClusterReport } from "./cluster-check/finding.ts";
import { openNodes, type TestedNode } from "./cluster-check/nodes.ts";

interface Plan {
  readonly nodes: readonly TestedNode[];
  readonly names: ModelNames;
  readonly requests: number;
  readonly say: (line: string) => void;
}

const readyPatienceMs = 120_000;
const mostRequests = 10_000;

async function runBalanced(
  plan: Plan,
  balanced: Balanced,
  direct: readonly DirectResult[],
): Promise<ClusterReport> {
  const missing = await balanced.untilReady(readyPatienceMs);
  const ready: readonly Finding[] = missing.map((text) => ({
    check: "cluster",
    verdict: "fail",
    text,
    advice: "Both models must be in memory on every node.",
  }));
  const through = await checkThroughBalancer(balanced, direct);
  if (through.some(({ verdict }) => verdict === "fail"))
    return { findings: [...ready, ...through], latencies: [] };
  plan.say(`Sending ${String(plan.requests)} requests …`);
  const { finding, latencies } = await checkDistribution(balanced, plan.nodes, plan.requests);
  plan.say("Taking a node away under load …");
  const failover = await checkFailover(balanced, plan.nodes);
  return { findings: [...ready, ...through, finding, ...failover], latencies };
}

async function run(plan: Plan): Promise<ClusterReport> {
  plan.say(`Asking ${plan.nodes.map(({ id }) => id).join(", ")} directly …`);
  const direct: DirectResult[] = [];
  // One after another: nodes on one machine would slow each other down.
  for (const node of plan.nodes) direct.push(await checkDirectly(node, plan.names));
  const own = direct.map(({ finding }) => finding);
  const able = direct.filter(({ finding }) => finding.verdict !== "fail");
  if (able.length === 0) return { findings: own, latencies: [] };
  const agreement = checkAgreement(able, plan.names);
  const nodes = able.map(({ node }) => node);
  const balanced = await openBalanced(nodes, plan.names);
  try {
    const { findings, latencies } = await runBalanced({ ...plan, nodes }, balanced, able);
    return { findings: [...own, ...agreement, ...findings], latencies };
  } finally {
    await balanced.close();
  }
}

const usage = `npm run test:cluster [-- --nodes http://HOST:11434?slots=1,… --requests N --chat-model NAME --embed-model NAME --json FILE]
Without --nodes it starts two embedded nodes of its own. Exit code: 0 fit, 1 not, 2 wrong arguments.`;

const refuse = (...lines: readonly string[]): never => {
  console.error(lines.join("\n"));
  process.exit(2);
};

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

function readArguments() {
  try {
    return parseArgs({
      options: {
        help: { type: "boolean", default: false },
        nodes: { type: "string" },
        requests: { type: "string", default: "100" },
        "chat-model": { type: "string", default: "smollm2:135m" },
        "embed-model": { type: "string", default: "all-minilm" },
        json: { type: "string" },
      },
    }).values;
  } catch (error) {
    return refuse(messageOf(error), usage);
  }
}

async function nodesOf(list: string | undefined): Promise<readonly TestedNode[]> {
  if (list?.trim() === "") return refuse("--nodes names no node.", usage);
  try {
    return await openNodes(list ?? "");
  } catch (error) {
    if (isAppError(error, "config_invalid"))
      return refuse(
        ...error.details.faults.map((fault) => fault.replace("OLLAMA_NODES", "--nodes")),
      );
    return refuse(
      messageOf(error),
      "Run npm start once: it installs the packages and models that an embedded node needs. Or name nodes of yours with --nodes.",
    );
  }
}

const values = readArguments();
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const requests = Number(values.requests);
if (!Number.isInteger(requests) || requests < 1 || requests > mostRequests)
  refuse(`--requests must be a whole number from 1 to ${String(mostRequests)}.`);
// Known before minutes of testing, not after them.
if (values.json !== undefined)
  await access(dirname(values.json), constants.W_OK).catch((error: unknown) =>
    refuse(`--json: ${messageOf(error)}`),
  );
const nodes = await nodesOf(values.nodes);
const names = { chat: values["chat-model"], embedding: values["embed-model"] };
try {
  const say = (line: string): void => {
    console.error(line);
  };
  const report = await run({ nodes, names, requests, say });
  console.log(formatReport(report));
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify(report, undefined, 2));
  if (report.findings.some(({ verdict }) => verdict === "fail")) process.exitCode = 1;
} finally {
  await Promise.all(nodes.map((node) => node.stop()));
}
