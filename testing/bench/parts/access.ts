import { randomUUID } from "node:crypto";
import { addMembers, signInMember } from "../accounts.ts";
import { quantile, type Figure } from "../figures.ts";
import { beginWithOneDocument } from "../filled-product.ts";
import { signIn } from "../person.ts";
import { newDataDir, removeDataDir, startProduct } from "../product.ts";

const samples = 1_000;
const goal = 1.05;

/** Name, the id of somebody else's thing, and the address that asks for one. */
type Route = readonly [string, string, (id: string) => string];

/** How long "not yours" takes beside "does not exist": whoever could tell them apart by time could search for ids. */
export async function benchAccess(): Promise<readonly Figure[]> {
  const dataDir = await newDataDir();
  try {
    const document = await beginWithOneDocument(dataDir);
    await addMembers(dataDir, 1);
    const product = await startProduct(dataDir);
    try {
      const admin = await signIn(product);
      const { conversation, answer } = await admin.ownIds("What is a short text about?");
      await admin.closeCollection();
      const cookie = await signInMember(product.origin, 0);
      const routes: readonly Route[] = [
        ["a conversation", conversation, (id) => `/api/conversations/${id}`],
        ["the events of an answer", answer, (id) => `/api/answers/${id}/events`],
        ["several events", answer, (id) => `/api/events?answers=${id}.0`],
        ["a document", document, (id) => `/api/documents/${id}`],
        ["a document's text", document, (id) => `/api/documents/${id}/text`],
        ["a document's file", document, (id) => `/api/documents/${id}/original`],
        ["a collection", admin.collectionId, (id) => `/api/collections/${id}`],
      ];
      const figures: Figure[] = [];
      for (const [name, id, path] of routes)
        figures.push(
          await compare(
            name,
            product.origin + path(id),
            product.origin + path(randomUUID()),
            cookie,
          ),
        );
      return figures;
    } finally {
      await product.stop();
    }
  } finally {
    await removeDataDir(dataDir);
  }
}

/**
 * In an order by chance: what comes round every few calls (a collection of garbage, a timer) would otherwise fall on the same one of the two
 * again and again, and showed up to 19 % between two ids that take the same.
 */
async function compare(
  name: string,
  notYours: string,
  absent: string,
  cookie: string,
): Promise<Figure> {
  const timed = async (address: string): Promise<number> => {
    const before = performance.now();
    const response = await fetch(address, { headers: { cookie } });
    await response.text();
    if (response.status !== 404) throw new Error(`${address}: ${String(response.status)}`);
    return performance.now() - before;
  };
  const times = { notYours: [] as number[], absent: [] as number[] };
  while (Math.min(times.notYours.length, times.absent.length) < samples) {
    if (Math.random() < 0.5) times.notYours.push(await timed(notYours));
    else times.absent.push(await timed(absent));
  }
  const ratio = quantile(times.notYours, 0.5) / quantile(times.absent, 0.5);
  return {
    ...{ part: "access", name: `${name}: not yours ÷ absent`, unit: "", goal, better: "lower" },
    value: Math.max(ratio, 1 / ratio),
    against: `median of at least ${String(samples)} calls each, in an order by chance`,
  };
}
