import type { VetoKind } from "#lib/core/cache/veto-kinds.ts";
import type { CacheHour, CacheReport } from "#components/api/cache-shapes.ts";
import { sayCount, sayWait } from "#components/ui/time-words.ts";

const percent = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 });
const small = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 2 });
export const sayShare = (share: number): string => percent.format(share);
export const sayBound = (share: number): string => small.format(share);
const two = new Intl.NumberFormat(undefined, {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
export const sayCosine = (cosine: number): string => two.format(cosine);

/** Every sentence of the cache page. */
export const words = {
  title: "Cache",
  notRead: "The cache could not be read.",
  ranges: { 1: "24 hours", 7: "7 days", 30: "30 days" } as Readonly<Record<number, string>>,
  range: "Time shown",
  figures: {
    label: "In this time",
    hits: "Answered from the cache",
    saved: "Time saved",
    tokens: "Tokens saved",
    kept: "Answers kept",
    keptNote: (curated: number, prewarmed: number, aliases: number) =>
      `${String(curated)} curated, ${String(prewarmed)} made ahead, ${sayCount(aliases, "other wording", "other wordings")}`,
  },
  tiers: {
    exact: "Same words",
    alias: "Proven wording",
    vetted: "Curated",
    semantic: "Equal question",
    miss: "Miss",
    bypassed: "Not looked up",
  },
  chart: {
    title: "Questions by how they were answered",
    empty: "No question was asked in this time.",
    most: (count: number) => `up to ${sayCount(count, "question", "questions")}`,
    table: "Counts",
    when: "When",
  },
  storage: {
    title: "Where it was found",
    hint: "Answers, vectors and searches, of all workspaces together. A slower place is asked only for what the faster ones do not have.",
    empty: "No place of storage was asked in this time.",
    places: { memory: "Memory", redis: "Redis", database: "Database" },
    kinds: {
      answer: "Answers",
      embedding: "Vectors of questions and passages",
      sentence: "Vectors of sentences",
      retrieval: "Searches",
      calibration: "Calibrations",
    },
    columns: {
      place: "Place",
      share: "Found there",
      asked: "Asked for",
      failed: "Could not be asked",
      time: "Found, over time",
    },
    kindsTitle: "What was asked for",
  },
  misses: {
    title: "Why the cache had no answer",
    empty: "Every question that was looked up was found.",
    reason: "Reason",
    count: "Questions",
  },
  semantic: {
    title: "Other wordings",
    state: {
      serving: "On: kept answers are also given to other wordings that are proven to ask the same.",
      measuring:
        "Measuring: until more is known, only wordings of the same form get a kept answer.",
      off: "Off: fresh answers disagreed with kept ones more often than the budget allows, so Drover switched this off by itself.",
    },
    bound: "Wrong at most",
    boundNote: (budget: number) => `95 % bound; budget ${sayBound(budget)}`,
    shadow: "Answered once more",
    shadowNote: (wrong: number) =>
      wrong === 0 ? "all of them agreed" : `${String(wrong)} disagreed`,
    calibrated: "Labelled pairs",
    calibratedNote: "served in calibration, none wrong",
    limit: "Similarity from which",
    none: "none",
    limitNote: (embedder: string) =>
      `equal words in another form are served from here on, for ${embedder}; other words need the sentence that answers both`,
    noLimitNote: (embedder: string) => `${embedder} was not calibrated: form alone decides`,
    scorer: "Cross-encoder",
    noScorerNote: "install one on an embedded node, and it judges what words leave open",
    scorerMeasured: (scored: number, pairs: number) =>
      `${scored.toLocaleString()} of ${pairs.toLocaleString()}`,
    scorerMeasuring: (model: string) =>
      `labelled pairs measured at idle time; until then ${model} decides nothing`,
    scorerLimit: (limit: number) => `from ${sayCosine(limit)}`,
    scorerNote: (model: string, served: number, bound: number) =>
      `${model}; ${sayCount(served, "labelled pair", "labelled pairs")} above, wrong at most ${sayBound(bound)}`,
    scorerUseless: "not used",
    scorerUselessNote: (model: string) =>
      `${model}: no score keeps to the budget on the labelled pairs`,
  },
  prewarmer: {
    title: "Answering ahead of time",
    start: "Answer ahead now",
    started: "A round begins within seconds",
    every: (everyMs: number) =>
      `At the start, every ${sayWait(everyMs)} and after documents changed. It gives way to people at once.`,
    empty: "No round has run yet.",
    columns: { when: "Round", did: "What it did", cost: "Cost" },
    cost: (ms: number, tokens: number) =>
      ms === 0 ? "nothing" : `${sayWait(ms)}, ${sayCount(tokens, "token", "tokens")}`,
  },
  listed: {
    title: "Listed and curated",
    hint: "Listed questions are answered ahead of time. With an answer of your own they are curated: people get your words as long as their passages stand.",
    add: "Add a question",
    empty:
      "Nothing is listed. Drover answers what people ask most, and questions out of the documents.",
    columns: { question: "Question", answer: "Answer", state: "State" },
    state: { "in-force": "In force", "needs-review": "Passages changed: look again" },
    fromDocuments: "answered from the documents",
    edit: (question: string) => `Edit: ${question}`,
    remove: (question: string) => `Remove: ${question}`,
    removed: "Removed from the list",
  },
  editor: {
    title: "Listed question",
    question: "Question",
    own: "Answer in your own words",
    ownHint: "Leave it empty to have the question answered from the documents.",
    find: "Find passages",
    passages: "Passages that it stands on",
    passagesHint: "People get this answer only while these stand unchanged and they may read them.",
    noPassages: "No passage was found. Ask differently, or add the document.",
    needsPassages: "An answer of your own needs at least one passage.",
    save: "Save",
    cancel: "Cancel",
    saved: "Saved",
  },
  entries: {
    title: "Kept answers",
    search: "Search in questions",
    empty: "No kept answer fits.",
    ownWords: "A person's own question",
    more: "Show more",
    columns: { question: "Question", documents: "Documents", hits: "Given", kept: "Kept" },
    sources: { asked: "asked", prewarmed: "made ahead", curated: "curated" },
    inspect: (question: string) => `Look at: ${question}`,
    remove: "Remove this answer",
    removed: "Answer removed",
    undo: "Undo",
    times: (hits: number) => sayCount(hits, "time", "times"),
    clear: "Clear a collection",
    clearHint:
      "Removes every kept answer that quotes it. They are made again when people ask; curated answers stay.",
    clearWhich: "Collection",
    clearDo: (name: string) => `Clear answers from ${name}`,
    cleared: (count: number) => `Removed: ${sayCount(count, "answer", "answers")}`,
  },
  detail: {
    title: "Kept answer",
    evidence: "Evidence",
    text: "Written answer",
    wordings: "Wordings proven to ask the same",
    noWordings: "None yet.",
    ownWordsHint:
      "One or two people asked this, so their words are theirs. They appear when a third person asks alike, when the answer is rated, or when an admin lists the question.",
    ownWordings: (count: number) =>
      `${sayCount(count, "wording", "wordings")} of single people, not shown.`,
    generations: "Corpus generations",
    made: (made: number, now: number | null) =>
      now === null
        ? "gone"
        : now === made
          ? `${String(made)}, unchanged`
          : `made at ${String(made)}, now ${String(now)}: proven anew before it is given`,
    cost: (ms: number, tokens: number) =>
      `Making it took ${sayWait(ms)} and ${sayCount(tokens, "token", "tokens")}.`,
  },
  pair: {
    title: "Test a pair of questions",
    hint: "What each guard says of two wordings. Evidence is checked besides when people ask.",
    one: "Kept question",
    other: "Question asked",
    test: "Test",
    same: "Same question",
    different: "Not proven to be the same",
    by: {
      form: "The wordings differ only by what cannot change the answer.",
      words: "The same words in another form, and near enough.",
      "near-form":
        "They differ by what seldom changes an answer, and are near enough. The passages must give both the same sentence.",
      text: "The texts are the same.",
      veto: "A guard objects. Where only “Words” and “Order of words” do, one sentence of the documents that answers both may still prove it.",
      similarity: "No guard objects, but they are not near enough.",
      evidence: "One sentence of the documents answers both and makes idle what they differ by.",
      disagreeing: "The evidence does not agree.",
      unmeasured: "No guard objects, but this embedder was not calibrated.",
      scorer:
        "Only words differ, and the cross-encoder says both ways round that they ask the same. The passages must give both the same sentence.",
    },
    score: "Cross-encoder",
    form: "Form",
    noForm: "no comparable form",
    similarity: "Similarity",
    near: { true: "Differ by idle words only", false: "Differ by more than idle words" },
    nearLabel: "Near form",
    guardsTitle: "What each guard says",
    guards: {
      number: "Numbers",
      unit: "Units",
      identifier: "Identifiers, versions",
      quoted: "Quoted words",
      name: "Names",
      negation: "Negation",
      comparative: "Degree and direction",
      "question-type": "Kind of question",
      time: "Time",
      word: "Words",
      order: "Order of words",
    } satisfies Readonly<Record<VetoKind, string>>,
    guardsColumns: { guard: "Guard", verdict: "Verdict", differs: "First question | second" },
    objects: "Objects",
    silent: "No objection",
  },
} as const;

/** Kept short codes of the server in words. */
const reasons: Readonly<Record<string, string>> = {
  new: "Nothing like it was asked before",
  "switched-off": "Other wordings are switched off",
  "asked-again": "The person asked again",
  "follow-up": "It needs the question before it",
  "time-relative": "It depends on the day",
  "private-attachment": "It is about a private file",
  "near-duplicates": "The person asked too many questions that differ by a word",
  "unproven: form": "Another form, and the embedder is not calibrated",
  "unproven: similarity": "Not near enough",
  "unproven: evidence": "The passages did not agree",
};
const stale: Readonly<Record<string, string>> = {
  "chunk-changed": "a passage changed",
  "not-readable": "a passage is gone or may not be read",
  "better-chunk": "a newer passage fits better",
  "not-retrieved": "its passages were not found for this wording",
  "scope-changed": "what may be read changed",
  "moved-meanwhile": "documents changed at that moment",
  removed: "the answer was removed",
};

const guardNames: Readonly<Record<string, string>> = words.pair.guards;
const guardName = (kind: string): string => guardNames[kind]?.toLowerCase() ?? kind;

export function sayReason(reason: string): string {
  const [kind = "", rest = ""] = reason.split(": ");
  if (kind === "veto") return `A guard objected: ${guardName(rest)}`;
  if (kind === "stale") return `Out of date: ${stale[rest] ?? rest}`;
  return reasons[reason] ?? reason;
}

const hitKinds = new Set(["exact", "alias", "vetted", "semantic"]);
export const isHit = ({ result }: Pick<CacheHour, "result">): boolean => hitKinds.has(result);

export const sumOf = <T>(rows: readonly T[], of: (row: T) => number): number =>
  rows.reduce((sum, row) => sum + of(row), 0);

/** The first line of the page: how things stand, in words. */
export function sayState({ hours, semantic }: CacheReport, range: string): string {
  const looked = hours.filter(({ result }) => result !== "bypassed");
  const all = sumOf(looked, ({ lookups }) => lookups);
  const hits = sumOf(looked.filter(isHit), ({ lookups }) => lookups);
  const tier = semantic.state === "off" ? " Other wordings are switched off." : "";
  if (all === 0) return `No question was looked up in the last ${range}.${tier}`;
  return `Of ${sayCount(all, "question", "questions")} in the last ${range}, the cache answered ${sayShare(hits / all)}.${tier}`;
}
