import type { Actor } from "../core/access/actor.ts";
import type { AliasProof } from "../core/cache/alias-proof.ts";
import type { Tally } from "../core/cache/calibration.ts";

/** A wording that went through the cache since it was noted last. */
export interface NotedWording {
  readonly actor: Actor;
  /** As in `AnswerCacheStore`: the text of everything beside the question that can change the answer. */
  readonly scope: string;
  readonly exactText: string;
  readonly question: string;
  readonly collectionIds: readonly string[];
  /** How often it was asked, and whether it was a miss at least once. */
  readonly asked: number;
  readonly missed: boolean;
  readonly lastAskedAt: Date;
}

/** A wording with whose rights and in which collections it was asked. */
export interface AskedWording {
  readonly actor: Actor;
  readonly question: string;
  readonly collectionIds: readonly string[];
}

/** A missed wording that idle time has not looked at since. `key` names it to `verified`. */
export interface OpenWording extends AskedWording {
  readonly key: { readonly scopeKey: string; readonly exactKey: string };
}

export interface NewAlias {
  readonly scope: string;
  readonly exactText: string;
  readonly question: string;
  readonly entryId: string;
  /** The entry's answer when it was proven. */
  readonly answerKey: string;
  readonly proof: AliasProof;
}

/** A hit that is to be answered once more. */
export interface NewShadow extends AskedWording {
  readonly entryId: string;
  readonly answerKey: string;
  readonly result: "alias" | "semantic";
}

export interface OpenShadow extends NewShadow {
  readonly id: string;
}

/** What idle time reads and writes of the answer cache: wordings, aliases, shadow answers and pairs that are never served for each other. */
export interface CacheUpkeepStore {
  note(wordings: readonly NotedWording[]): Promise<void>;
  /** Oldest miss first; people who are gone or suspended are left out. */
  openWordings(limit: number): Promise<readonly OpenWording[]>;
  /** @param verdict `alias`, or why none was written */
  verified(key: OpenWording["key"], verdict: string): Promise<void>;
  /** Writes the alias and lets the wording's own, equal entry go. False when the entry or its answer is gone, or the pair is blocked. */
  alias(alias: NewAlias): Promise<boolean>;
  addShadows(shadows: readonly NewShadow[]): Promise<void>;
  openShadows(limit: number): Promise<readonly OpenShadow[]>;
  /** @param agrees `null`: nothing can be said */
  shadowed(id: string, agrees: boolean | null): Promise<void>;
  /** The fresh answer was another: the entry's answer never enters again, and the two wordings are never served for each other. */
  disagreed(shadow: OpenShadow): Promise<void>;
  /** Shadow answers of the last 90 days, by workspace. */
  tallies(): Promise<ReadonlyMap<string, Tally>>;
  /** Forgets wordings and shadows that are older than 90 days. */
  forgetOld(): Promise<void>;
}
