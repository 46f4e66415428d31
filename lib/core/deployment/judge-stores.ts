import { fail, ok, warn, type Finding } from "./finding.ts";
import { isOlder } from "./version-order.ts";

const oldestPostgres = "15";
const oldestVector = "0.8.4";
const oldestRedis = "7";

export function judgeDatabase(facts: {
  readonly engine: "pglite" | "postgres";
  readonly version: string;
  readonly vectorVersion: string | null;
  readonly missingSteps: number;
  readonly isEmpty: boolean;
}): readonly Finding[] {
  return [
    judgeEngine(facts),
    judgeVector(facts.vectorVersion),
    judgeSteps(facts.missingSteps, facts.isEmpty),
  ];
}

function judgeEngine({
  engine,
  version,
}: {
  readonly engine: string;
  readonly version: string;
}): Finding {
  const check = "database";
  if (engine === "pglite")
    return warn(
      check,
      `the embedded one (Postgres ${version}): it survives a crash of Drover, not of the machine`,
      "For people who rely on it set DATABASE_URL to a Postgres with pgvector.",
    );
  return isOlder(version, oldestPostgres)
    ? fail(check, `Postgres ${version} is too old`, `Use Postgres ${oldestPostgres} or newer.`)
    : ok(check, `Postgres ${version}`);
}

function judgeVector(version: string | null): Finding {
  const check = "vector extension";
  if (version === null)
    return fail(
      check,
      "pgvector is not installed",
      `Install pgvector ${oldestVector} or newer on the server.`,
    );
  return isOlder(version, oldestVector)
    ? fail(
        check,
        `pgvector ${version} is too old`,
        `Install ${oldestVector} or newer, then run: ALTER EXTENSION vector UPDATE;`,
      )
    : ok(check, `pgvector ${version}`);
}

function judgeSteps(missing: number, isEmpty: boolean): Finding {
  const check = "data";
  if (isEmpty) return warn(check, "none yet", "Start Drover once: it makes its tables.");
  if (missing < 0)
    return fail(check, "a newer Drover wrote it", "Run that version, or go back to a backup.");
  return missing === 0
    ? ok(check, "in the shape that this version knows")
    : warn(
        check,
        `${String(missing)} changes of its shape are due`,
        "Start Drover: it makes them. Have a backup first.",
      );
}

/** The Redis of the cache, which should evict and have a limit. */
export function judgeRedisCache(facts: {
  readonly version: string;
  readonly evictionPolicy: string;
  readonly mostBytes: number;
}): Finding {
  const check = "Redis for the cache";
  const advice = "Start it with --maxmemory 1gb --maxmemory-policy allkeys-lru.";
  if (isOlder(facts.version, oldestRedis))
    return fail(check, `${facts.version} is too old`, `Use Redis ${oldestRedis} or newer.`);
  if (facts.mostBytes === 0) return warn(check, "may take all memory of its machine", advice);
  if (facts.evictionPolicy === "noeviction")
    return warn(check, "takes nothing more once its memory is full", advice);
  return ok(check, facts.version);
}

export function judgeRedis(facts: {
  readonly version: string;
  readonly evictionPolicy: string;
}): Finding {
  const check = "Redis";
  if (isOlder(facts.version, oldestRedis))
    return fail(check, `${facts.version} is too old`, `Use Redis ${oldestRedis} or newer.`);
  if (facts.evictionPolicy === "noeviction" || facts.evictionPolicy === "")
    return ok(check, facts.version);
  return fail(
    check,
    `may throw data away when its memory is full (${facts.evictionPolicy})`,
    "Start it with --maxmemory-policy noeviction.",
  );
}
