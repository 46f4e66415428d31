import type { PGlite } from "@electric-sql/pglite";
import type { WireServer } from "./wire-server.ts";

export interface WriteHold {
  /**
   * From now on every statement that would change something fails with 25006 (read_only_sql_transaction); a transaction under way
   * ends first. Resolves to what ends the hold; calling it again does nothing.
   */
  readonly begin: () => Promise<() => Promise<void>>;
}

/**
 * One session of the engine serves every client, so its own setting holds for all of them.
 * @param isForGood whether data has moved away: then a hold never ends, or what is written here would be lost
 */
export function createWriteHold(
  engine: Pick<PGlite, "exec">,
  wire: Pick<WireServer, "exclusively">,
  isForGood: () => boolean,
): WriteHold {
  let holders = 0;
  const allow = (what: "READ ONLY" | "READ WRITE"): Promise<void> =>
    wire.exclusively(async () => {
      await engine.exec(`SET SESSION CHARACTERISTICS AS TRANSACTION ${what}`);
    });
  return {
    async begin() {
      holders += 1;
      let isOver = false;
      await allow("READ ONLY");
      return async () => {
        if (isOver) return;
        isOver = true;
        holders -= 1;
        if (holders === 0 && !isForGood()) await allow("READ WRITE");
      };
    },
  };
}
