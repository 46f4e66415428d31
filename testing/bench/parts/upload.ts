import { inventedQuestion, inventedText, seededRandom } from "../corpus.ts";
import { quantile, type Figure } from "../figures.ts";
import { signIn, type Person } from "../person.ts";
import { newDataDir, removeDataDir, startProduct } from "../product.ts";

const questions = 40;
const baseChunks = 200;
/** Long enough that its reading outlasts the questions. */
const uploadChunks = 4000;
const mostExtraMs = 250;

/** What a large upload costs a person who asks meanwhile: time to evidence, idle and while a document is read. */
export async function benchUpload(): Promise<readonly Figure[]> {
  const dataDir = await newDataDir();
  try {
    const product = await startProduct(dataDir);
    try {
      const person = await signIn(product);
      const text = (seed: number, chunks: number) =>
        new TextEncoder().encode(inventedText(seededRandom(seed), chunks));
      await person.untilReady(await person.upload("base.txt", text(3, baseChunks)));
      const idle = await askAll(person, 7);
      const uploading = await person.upload("large.txt", text(11, uploadChunks));
      const busy = await askAll(person, 13);
      const stillReading = await Promise.race([
        person.untilReady(uploading).then(() => false),
        new Promise<true>((resolve) => setTimeout(resolve, 0, true)),
      ]);
      if (!stillReading) throw new Error("the upload was read before the questions were over");
      const figure = (name: string, value: number, goal: number | null): Figure => ({
        ...{ part: "upload", name, value, unit: "ms", goal, better: "lower" },
        against: `${questions} questions each, one after the other, embedded parts`,
      });
      return [
        figure("evidence p95, idle", quantile(idle, 0.95), null),
        figure("evidence p95, during an upload", quantile(busy, 0.95), null),
        figure("during an upload − idle", quantile(busy, 0.95) - quantile(idle, 0.95), mostExtraMs),
      ];
    } finally {
      await product.stop();
    }
  } finally {
    await removeDataDir(dataDir);
  }
}

/** Ms from Enter to evidence, question by question. */
async function askAll(person: Person, seed: number): Promise<number[]> {
  const random = seededRandom(seed);
  const times: number[] = [];
  for (let asked = 0; asked < questions; asked += 1) {
    const events = await person.ask(inventedQuestion(random), ({ type }) => type === "evidence");
    const evidence = events.find(({ event }) => event.type === "evidence");
    if (evidence === undefined) throw new Error("a question was answered without evidence");
    times.push(evidence.atMs);
  }
  return times;
}
