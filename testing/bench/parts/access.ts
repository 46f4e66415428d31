import { randomUUID } from "node:crypto";
import { addMembers, signInMember } from "../accounts.ts";
import { quantile, type Figure } from "../figures.ts";
import { beginWithOneDocument } from "../filled-product.ts";
import { signIn } from "../person.ts";
import { newDataDir, removeDataDir, startProduct } from "../product.ts";

const samples = 400;
const goal = 1.05;

/** How long "not yours" takes beside "does not exist": whoever could tell them apart by time could search for ids. */
export async function benchAccess(): Promise<readonly Figure[]> {
  const dataDir = await newDataDir();
  try {
    await beginWithOneDocument(dataDir);
    await addMembers(dataDir, 1);
    const product = await startProduct(dataDir);
    try {
      const admin = await signIn(product);
      const ids = await admin.ownIds("What is a short text about?");
      const cookie = await signInMember(product.origin, 0);
      const routes: readonly (readonly [string, string, (id: string) => string])[] = [
        ["a conversation", ids.conversation, (id) => `/api/conversations/${id}`],
        ["the events of an answer", ids.answer, (id) => `/api/answers/${id}/events`],
        ["several events", ids.answer, (id) => `/api/events?answers=${id}.0`],
      ];
      const figures: Figure[] = [];
      for (const [name, id, path] of routes)
        figures.push(
          await compare(name, product.origin, cookie, path(id), () => path(randomUUID())),
        );
      return figures;
    } finally {
      await product.stop();
    }
  } finally {
    await removeDataDir(dataDir);
  }
}

async function compare(
  name: string,
  origin: string,
  cookie: string,
  notYours: string,
  absent: () => string,
): Promise<Figure> {
  const timed = async (path: string): Promise<number> => {
    const before = performance.now();
    const response = await fetch(origin + path, { headers: { cookie } });
    await response.text();
    if (response.status !== 404) throw new Error(`${path}: ${String(response.status)}`);
    return performance.now() - before;
  };
  const times: { readonly other: number; readonly none: number }[] = [];
  // In turn, so that whatever else runs slows both alike.
  for (let count = 0; count < samples; count += 1)
    times.push({ other: await timed(notYours), none: await timed(absent()) });
  const middle = (values: readonly number[]): number => quantile(values, 0.5);
  const ratio = middle(times.map(({ other }) => other)) / middle(times.map(({ none }) => none));
  return {
    ...{ part: "access", name: `${name}: not yours ÷ absent`, unit: "", goal, better: "lower" },
    value: Math.max(ratio, 1 / ratio),
    against: `median of ${String(samples)} calls each, in turn`,
  };
}
