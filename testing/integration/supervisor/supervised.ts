// A supervisor over stand-ins in a process of its own: node supervised.ts FOLDER. Prints one line when all run, stops on SIGTERM.
import { acquireLock } from "../../../embedded/database/exclusive-lock.mjs";
import { endOrphans } from "../../../embedded/supervisor/state-file.ts";
import { createSupervisor } from "../../../embedded/supervisor/supervisor.ts";
import { standInParts } from "./stand-in-parts.ts";

const [dataDir = "", ...flags] = process.argv.slice(2);
const lock = await acquireLock(dataDir, "supervisor");
if (lock.holder !== undefined) {
  console.log(JSON.stringify({ refused: lock.holder.pid }));
  process.exit(1);
}
const orphans = await endOrphans(dataDir);
const supervisor = createSupervisor({
  dataDir,
  parts: standInParts(dataDir, { deaf: flags.includes("--deaf") }),
  databaseUrl: null,
  report: () => undefined,
});
process.on("SIGTERM", () => {
  void supervisor.stop().then(() => {
    lock.release();
    process.exit(0);
  });
});
await supervisor.start(new AbortController().signal);
console.log(JSON.stringify({ ready: true, orphans }));
