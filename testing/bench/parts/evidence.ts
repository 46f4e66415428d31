import { inventedQuestion, seededRandom } from "../corpus.ts";
import { beginWithOneDocument, fillTo } from "../filled-product.ts";
import { quantile, type Figure } from "../figures.ts";
import { signIn, type Person } from "../person.ts";
import { newDataDir, removeDataDir, startProduct } from "../product.ts";

const sizes = [1000, 10_000];
const questions = 40;
const goalMs = 300;

/** From Enter to quoted sentences on the wire, question embedded and everything, at growing numbers of chunks. */
export async function benchEvidence(): Promise<readonly Figure[]> {
  const dataDir = await newDataDir();
  const figures: Figure[] = [];
  let filled = 0;
  try {
    await beginWithOneDocument(dataDir);
    for (const chunks of sizes) {
      await fillTo(dataDir, chunks, filled);
      filled = chunks;
      const { evidence, sources } = await measure(dataDir);
      const figure = (name: string, value: number, goal: number | null): Figure => ({
        ...{ part: "evidence", name: `${name}, ${chunks} chunks`, value, unit: "ms", goal },
        better: "lower",
        against: `${questions} questions, one after the other, embedded parts`,
      });
      figures.push(
        figure("Enter to evidence p50", quantile(evidence, 0.5), null),
        figure("Enter to evidence p95", quantile(evidence, 0.95), goalMs),
        figure("Enter to sources p95", quantile(sources, 0.95), null),
      );
    }
    return figures;
  } finally {
    await removeDataDir(dataDir);
  }
}

async function measure(
  dataDir: string,
): Promise<{ readonly evidence: number[]; readonly sources: number[] }> {
  const product = await startProduct(dataDir);
  const evidence: number[] = [];
  const sources: number[] = [];
  try {
    const person: Person = await signIn(product);
    const random = seededRandom(7);
    for (let asked = 0; asked < questions; asked += 1) {
      const events = await person.ask(
        inventedQuestion(random),
        (event) => event.type === "evidence",
      );
      for (const { atMs, event } of events) {
        if (event.type === "evidence") evidence.push(atMs);
        if (event.type === "sources") sources.push(atMs);
      }
    }
  } finally {
    await product.stop();
  }
  if (evidence.length !== questions) throw new Error("a question was answered without evidence");
  return { evidence, sources };
}
