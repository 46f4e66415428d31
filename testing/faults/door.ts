import { composeAnswers } from "#lib/composition/answers.ts";
import { composeCache } from "#lib/composition/cache.ts";
import { composeSameQuestion } from "#lib/composition/same-question.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import type { Settings } from "#lib/core/settings/settings.ts";
import { createQuietTime } from "#lib/services/quiet-time.ts";
import { createRetrieveChunks } from "#lib/services/retrieve-chunks.ts";
import type { DocumentLine } from "#testing/integration/documents/document-line.ts";
import { noScorer } from "#testing/fakes/scripted-scorer.ts";
import type { Herd } from "./herd.ts";

/** As in lib/composition/create-container.ts. */
export const databaseConnections = 10;
/** Facts in the documents, one a depot. */
export const depots = 60;

const towns = ["Bergen", "Malaga", "Tampere", "Ghent", "Porto", "Zadar", "Cork"];

/** Where the documents say that a depot is. */
export const townOf = (depot: number): string => towns[(depot * 5) % towns.length] ?? "";

export type Door = Awaited<ReturnType<typeof openDoor>>;

/** Answers as the product composes them over the herd, a collection of facts to ask for, and people with a conversation each. */
export async function openDoor(
  herd: Herd,
  line: DocumentLine,
  asked: { readonly settings: Settings; readonly people: number; readonly lookUpMs?: number },
) {
  const { settings, people, ...lookUp } = asked;
  const { cluster } = herd;
  const { clock, connection } = line;
  const { db, preparing } = connection;
  const faults: unknown[] = [];
  const report = (error: unknown): void => {
    faults.push(error);
  };
  const { models } = cluster;
  const secret = "only for these tests";
  const cache = composeCache(
    { db, preparing, clock, report, secret },
    { redisCacheUrl: undefined },
  );
  const quiet = createQuietTime({ records: cluster.engine.records, clock });
  const { tiers } = cache;
  const { conversations, runningAnswers: running } = composeAnswers({
    ...{ db, preparing, clock, report, models, owner: "test", collections: line.collections },
    retrieve: createRetrieveChunks({ search: line.search, models, clock }),
    settings: () => ({ ...settings, cache: { ...settings.cache, similar: false } }),
    cache: { ...cache, answerVersion: "1" },
    ...{ sentenceModels: models, search: line.search },
    // Nothing is prepared.
    quiet,
    mayPrewarm: () => false,
    keepResident: () => Promise.resolve({ loaded: 0, kept: 0, failed: 0 }),
    suggest: () => Promise.resolve([]),
    ...composeSameQuestion({ scorer: noScorer(), projectRoot: "", tiers, quiet, clock }),
    admission: cluster.engine.admission,
    ...lookUp,
  });
  const facts = Array.from(
    { length: depots },
    (_, depot) =>
      `The capacity of depot ${String(depot)} in ${townOf(depot)} is ${String(100 + depot)} tonnes of grain.`,
  );
  await line.upload(await line.newCollection(), "depots.txt", facts.join("\n\n"));
  faults.push(...(await line.workOff()));
  const askers: { readonly actor: Actor; readonly conversationId: string }[] = [];
  for (let person = 0; person < people; person += 1) {
    const actor = await line.addPerson("member");
    const { id } = await conversations.create(actor, { title: "t", collectionIds: [] });
    askers.push({ actor, conversationId: id });
  }
  return { running, askers, faults };
}
