import { insertMembers, signInMember } from "../bench/accounts.ts";
import { account, signIn } from "../bench/person.ts";
import { newDataDir, removeDataDir, startProduct } from "../bench/product.ts";
import { startNodeProcess } from "../faults/node-process.ts";

const nodeCount = 2;
const nodeSlots = 32;
/** As many tokens a second as a small model writes on a desk; an answer takes some seconds. */
const pace = { prefillPerSecond: 2_000, decodePerSecond: 10 };
const chatName = "llama3.2:1b";
const reply =
  "The harbour has berths for the boats of the town, and some for guests in summer [1]. They are numbered from the pier to the mole, with water and light at each of them [1]. Who comes late calls the harbour master, who lives above the old office near the crane [1].";

/** Five and ten syllables make names that no other name holds. */
const towns = ["Al", "Bor", "Ches", "Dun", "Esk"].flatMap((start) =>
  [
    "anza",
    "embry",
    "idale",
    "ockwell",
    "umster",
    "ystad",
    "arlow",
    "enfield",
    "imoor",
    "oxley",
  ].map((end) => start + end),
);

export const questionOf = (index: number): string =>
  `How many berths has the harbour of ${towns[index % towns.length] ?? ""}?`;

export interface BusyWorkspace {
  readonly origin: string;
  /** One of each signed-in member. */
  readonly cookies: readonly string[];
  readonly stop: () => Promise<void>;
}

/**
 * The real product over paced nodes with room for every stream, so that nothing but Drover is measured; documents that answer
 * `questionOf`, no kept answers, and so many members signed in.
 */
export async function startBusyWorkspace(people: number): Promise<BusyWorkspace> {
  const dataDir = await newDataDir();
  const behaviour = { ...pace, chatName, reply, slots: nodeSlots, embedMs: 2 };
  const nodes = await Promise.all(
    Array.from({ length: nodeCount }, (_, index) =>
      startNodeProcess(`node-${String(index + 1)}`, behaviour),
    ),
  );
  const stopNodes = async (): Promise<void> => {
    for (const node of nodes) await node.stop();
    await removeDataDir(dataDir);
  };
  try {
    const product = await startProduct(dataDir, {
      DROVER_CHAT_MODEL: chatName,
      OLLAMA_NODES: nodes
        .map(({ id, url }) => `${url}?slots=${String(nodeSlots)}&id=${id}`)
        .join(","),
    });
    const stop = async (): Promise<void> => {
      await product.stop();
      await stopNodes();
    };
    try {
      const person = await signIn(product);
      await person.change({ "cache.answers": false });
      const lines = towns.map(
        (town, index) => `The harbour of ${town} has ${String(index + 11)} berths.\n`,
      );
      const content = new TextEncoder().encode(lines.join("\n"));
      await person.untilReady(await person.upload("harbours.md", content));
      await insertMembers(product.databaseUrl, people, account.email);
      return { origin: product.origin, cookies: await signInAll(product.origin, people), stop };
    } catch (error) {
      await stop();
      throw error;
    }
  } catch (error) {
    await stopNodes();
    throw error;
  }
}

async function signInAll(origin: string, people: number): Promise<readonly string[]> {
  const cookies: string[] = [];
  const next = Array.from({ length: people }, (_, index) => index).values();
  const signInRest = async (): Promise<void> => {
    for (const index of next) cookies.push(await signInMember(origin, index));
  };
  await Promise.all([signInRest(), signInRest()]);
  return cookies;
}
