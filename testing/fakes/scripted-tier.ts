import type { CacheTier } from "#lib/ports/cache-tier.ts";
import type { TierName } from "#lib/core/cache/cached-kinds.ts";

export interface ScriptedTier extends CacheTier {
  readonly held: Map<string, Uint8Array>;
  /** Calls that reached it. */
  readonly calls: string[];
  /** From now on; `hang` never settles, `short` gives too few values. */
  mode: "works" | "fails" | "throws" | "hangs" | "short";
}

/** A cache tier that can be told to fail in every way. */
export function createScriptedTier(name: TierName): ScriptedTier {
  const held = new Map<string, Uint8Array>();
  const calls: string[] = [];
  const answer = <T>(call: string, value: () => T): Promise<T> => {
    calls.push(call);
    if (tier.mode === "throws") throw new Error("down");
    if (tier.mode === "fails") return Promise.reject(new Error("down"));
    if (tier.mode === "hangs") return new Promise<T>(() => undefined);
    return Promise.resolve(value());
  };
  const tier: ScriptedTier = {
    name,
    held,
    calls,
    mode: "works",
    read: (keys) =>
      answer("read", () => (tier.mode === "short" ? [] : keys.map((key) => held.get(key) ?? null))),
    write: (values) =>
      answer("write", () => {
        for (const { key, value } of values) held.set(key, value);
      }),
    remove: (keys) =>
      answer("remove", () => {
        for (const key of keys) held.delete(key);
      }),
  };
  return tier;
}
