import { fail, ok, warn, type Finding } from "./finding.ts";
import { isOlder } from "./version-order.ts";

/** Below it Ollama has known security faults. */
export const oldestSafeOllama = "0.35.0";
const leastContextTokens = 2048;
/** Larger prompt batches hold a processor node for seconds after a stop. */
const largestBatch = 128;
const dayMs = 24 * 3_600_000;

export interface JudgedNode {
  readonly id: string;
  readonly baseUrl: string;
  readonly slots: number;
  readonly facts: {
    readonly version: string;
    readonly installed: readonly { readonly name: string; readonly digest: string }[];
    readonly loaded: readonly {
      readonly name: string;
      readonly contextTokens: number;
      readonly expiresAt: Date;
      readonly graphicsBytes: number;
      readonly bytes: number;
    }[];
    readonly chatParameters: string;
    readonly refusesCloud: boolean;
  };
}

export interface ModelNames {
  readonly chat: string;
  readonly embedding: string;
}

const withTag = (name: string): string => (name.includes(":") ? name : `${name}:latest`);
const sameName = (one: string, other: string): boolean =>
  withTag(one).toLowerCase() === withTag(other).toLowerCase();

const checkOf = ({ id }: JudgedNode, what: string): string => `node ${id}, ${what}`;

/** An embedded node is no Ollama and marks itself in its version. */
const isEmbedded = ({ facts }: JudgedNode): boolean => facts.version.includes("drover");

function judgeVersion(node: JudgedNode): Finding {
  const { version } = node.facts;
  const check = checkOf(node, "version");
  if (!isOlder(version, oldestSafeOllama)) return ok(check, version);
  return warn(
    check,
    `${version} has known security faults`,
    `Update Ollama on it to ${oldestSafeOllama} or newer, all nodes alike.`,
  );
}

function judgeModels(node: JudgedNode, names: ModelNames, now: Date): readonly Finding[] {
  const missing = [names.chat, names.embedding].filter(
    (name) => !node.facts.installed.some((model) => sameName(model.name, name)),
  );
  const check = checkOf(node, "models");
  if (missing.length > 0)
    return [
      fail(
        check,
        `${missing.join(" and ")} not installed`,
        `On that node run: ollama pull ${missing.join(" && ollama pull ")}`,
      ),
    ];
  return [
    ok(check, `${names.chat} and ${names.embedding} are installed`),
    judgeResidence(node, names, now),
  ];
}

function judgeResidence(node: JudgedNode, names: ModelNames, now: Date): Finding {
  const check = checkOf(node, "memory");
  const resident = node.facts.loaded.filter((model) =>
    [names.chat, names.embedding].some((name) => sameName(model.name, name)),
  );
  if (resident.length < 2)
    return warn(
      check,
      "a model is not in memory, so the first question there waits for it",
      "A running Drover loads both. See whether the node has room for two models (OLLAMA_MAX_LOADED_MODELS).",
    );
  const passing = resident.find(({ expiresAt }) => expiresAt.getTime() - now.getTime() < dayMs);
  if (passing !== undefined)
    return warn(
      check,
      `${passing.name} leaves the memory when it rests`,
      "Start the node with OLLAMA_KEEP_ALIVE=-1.",
    );
  const graphics = resident.some(({ graphicsBytes }) => graphicsBytes > 0);
  const partly = resident.find(
    ({ graphicsBytes, bytes }) => graphicsBytes > 0 && graphicsBytes < bytes,
  );
  if (partly !== undefined)
    return warn(
      check,
      `${partly.name} is only partly in graphics memory`,
      "Use a smaller model, a smaller context or fewer slots.",
    );
  return ok(
    check,
    `both models stay in memory, computed on the ${graphics ? "graphics card" : "processor"}`,
  );
}

/** A stopped answer holds its slot until the running prompt batch is through. */
function judgeBatch(node: JudgedNode, chatModel: string): readonly Finding[] {
  const chat = node.facts.loaded.find((model) => sameName(model.name, chatModel));
  if (chat?.graphicsBytes !== 0 || isEmbedded(node)) return [];
  const batch = Number(/^num_batch\s+(\d+)/m.exec(node.facts.chatParameters)?.[1] ?? "0");
  if (batch > 0 && batch <= largestBatch) return [];
  return [
    warn(
      checkOf(node, "options"),
      `${chatModel} has ${batch === 0 ? "no" : "a large"} num_batch: a stopped answer holds its slot for seconds`,
      `Give it num_batch ${String(largestBatch)} (see deploy/compose/pull-models.sh).`,
    ),
  ];
}

function judgeContext(node: JudgedNode, chatModel: string): readonly Finding[] {
  const chat = node.facts.loaded.find((model) => sameName(model.name, chatModel));
  if (chat === undefined || chat.contextTokens >= leastContextTokens) return [];
  return [
    fail(
      checkOf(node, "options"),
      `the window of ${chatModel} holds ${String(chat.contextTokens)} tokens`,
      `Start the node with OLLAMA_CONTEXT_LENGTH=4096; Drover needs ${String(leastContextTokens)}.`,
    ),
  ];
}

function judgeCloud(node: JudgedNode): readonly Finding[] {
  if (node.facts.refusesCloud) return [];
  return [
    warn(
      checkOf(node, "options"),
      "names that lead to the vendor's cloud are not refused",
      "Start the node with OLLAMA_NO_CLOUD=1.",
    ),
  ];
}

function judgeOptions(node: JudgedNode, names: ModelNames): readonly Finding[] {
  const findings = [
    ...judgeContext(node, names.chat),
    ...judgeBatch(node, names.chat),
    ...judgeCloud(node),
  ];
  if (findings.length > 0) return findings;
  const chat = node.facts.loaded.find((model) => sameName(model.name, names.chat));
  const window = chat === undefined ? "" : `window of ${String(chat.contextTokens)} tokens, `;
  const slots = node.slots === 1 ? "one slot" : `${String(node.slots)} slots`;
  return [ok(checkOf(node, "options"), `${window}${slots} as configured, no cloud`)];
}

const privateHost =
  /^(localhost$|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|\[?(::1|f[cd]|fe80))/i;

/** Names without a dot are of a private network too: a container's, a host file's. */
function judgeAddress(node: JudgedNode): readonly Finding[] {
  const { hostname, protocol } = new URL(node.baseUrl);
  const isPrivate =
    privateHost.test(hostname) ||
    !hostname.includes(".") ||
    /\.(local|internal|lan|svc)$/.test(hostname);
  if (isPrivate || protocol === "https:") return [];
  return [
    warn(
      checkOf(node, "address"),
      `${hostname} does not look private, and Ollama asks nobody for a password`,
      "Put the nodes into a private network, or a proxy with TLS and a password before them.",
    ),
  ];
}

export const judgeNode = (node: JudgedNode, names: ModelNames, now: Date): readonly Finding[] => [
  judgeVersion(node),
  ...judgeModels(node, names, now),
  ...judgeOptions(node, names),
  ...judgeAddress(node),
];

/** What must be alike on all nodes. */
export function judgeAgreement(
  nodes: readonly JudgedNode[],
  names: ModelNames,
): readonly Finding[] {
  if (nodes.length < 2)
    return [
      warn(
        "nodes",
        "there is only one",
        "Add a second one: with one, nothing answers while it is away.",
      ),
    ];
  const digestOf = (node: JudgedNode, name: string): string =>
    node.facts.installed.find((model) => sameName(model.name, name))?.digest.slice(0, 12) ??
    "absent";
  const perNode = (valueOf: (node: JudgedNode) => string): string =>
    nodes.map((node) => `${node.id} ${valueOf(node)}`).join(", ");
  const alike = (valueOf: (node: JudgedNode) => string): boolean =>
    new Set(nodes.map(valueOf)).size === 1;
  const findings = [names.embedding, names.chat].map((name): Finding => {
    const valueOf = (node: JudgedNode): string => digestOf(node, name);
    const check = `model ${name}`;
    if (alike(valueOf)) return ok(check, "the same on all nodes");
    const text = `not the same on all nodes: ${perNode(valueOf)}`;
    return name === names.embedding
      ? fail(
          check,
          `${text}; vectors of different ones cannot be compared`,
          "Pull it anew on all nodes.",
        )
      : warn(
          check,
          text,
          "Pull it anew on all nodes, so that answers do not depend on where they run.",
        );
  });
  const versionOf = (node: JudgedNode): string => node.facts.version;
  return [
    ...findings,
    alike(versionOf)
      ? ok("versions", `all nodes run ${nodes[0]?.facts.version ?? ""}`)
      : warn(
          "versions",
          `differ: ${perNode(versionOf)}`,
          "Run one version on all nodes: vectors depend on it.",
        ),
  ];
}
