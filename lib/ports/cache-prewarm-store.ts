import type { Actor } from "../core/access/actor.ts";
import type { CitedChunk } from "../core/cache/hit-proof.ts";
import type { AnswerSnapshot } from "../core/chat/events.ts";
import type { AskedWording } from "./cache-upkeep-store.ts";

export type PrewarmTrigger = "start" | "timer" | "documents" | "admin";

/** What a round did, by name, e.g. `answered`, `proven`, `refreshed`, `aliases`. */
export type PrewarmCounts = Readonly<Record<string, number>>;

export interface PrewarmRun {
  readonly id: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly trigger: PrewarmTrigger;
  /** `requested`: an admin asked for it, the leading process has not seen it yet. */
  readonly outcome: "requested" | "running" | "complete" | "stopped" | "failed";
  readonly counts: PrewarmCounts;
  readonly costMs: number;
  readonly costTokens: number;
}

/** An answer in an admin's words, with the passages that it stands on. */
export interface CuratedAnswer {
  readonly answer: string;
  readonly snapshot: AnswerSnapshot;
  readonly cited: readonly CitedChunk[];
  readonly rankedChunkIds: readonly string[];
  /** Corpus generation of every collection that the admin may read, as read before the passages were found. */
  readonly generations: ReadonlyMap<string, number>;
}

/** A question that admins want answered in advance; with `curated` they wrote the answer. */
export interface ListedQuestion {
  readonly id: string;
  readonly workspaceId: string;
  readonly question: string;
  readonly collectionIds: readonly string[];
  readonly curated: CuratedAnswer | null;
  readonly updatedAt: Date;
}

export interface NewListedQuestion {
  readonly question: string;
  readonly exactText: string;
  readonly collectionIds: readonly string[];
  readonly curated: CuratedAnswer | null;
}

/** What the prewarmer knows of its workspaces, and what it writes down of its rounds. */
export interface CachePrewarmStore {
  workspaces(): Promise<readonly string[]>;
  /** People of the workspace, those who asked last first; suspended ones left out. */
  people(workspaceId: string, limit: number): Promise<readonly Actor[]>;
  /** Asked at least twice in the last 30 days, the most asked first. */
  popular(workspaceId: string, limit: number): Promise<readonly AskedWording[]>;
  listed(workspaceId: string): Promise<readonly ListedQuestion[]>;
  /** Adds the question or replaces the one with the same text. Admins only: throws AppError `forbidden`. */
  list(actor: Actor, question: NewListedQuestion): Promise<ListedQuestion>;
  /** Throws `not_found`. Returns what was removed. */
  unlist(actor: Actor, id: string): Promise<ListedQuestion>;
  /** Changes whenever documents of the workspaces are published or removed. */
  corpusState(): Promise<string>;
  /** Asks whichever process leads for a round. */
  request(): Promise<void>;
  /** Begins the round that was asked for, or one of this trigger; `null`: nobody asked and no trigger is given. */
  begin(trigger: PrewarmTrigger | null): Promise<string | null>;
  /** What an earlier process left running has ended. */
  endAbandoned(): Promise<void>;
  progress(runId: string, run: Pick<PrewarmRun, "counts" | "costMs" | "costTokens">): Promise<void>;
  end(runId: string, outcome: "complete" | "stopped" | "failed"): Promise<void>;
  /** Newest first. */
  runs(limit: number): Promise<readonly PrewarmRun[]>;
}

/** One holder of a name at a time, among all processes on this database. */
export interface LeaderLease {
  /** True while this owner holds it: taken, or renewed for `ms` from now. */
  hold(name: string, owner: string, ms: number): Promise<boolean>;
  release(name: string, owner: string): Promise<void>;
}
