import { initialise } from "./engine.ts";

const [databaseDir] = process.argv.slice(2);
if (databaseDir === undefined) throw new Error("usage: initialise.ts FOLDER");
await initialise(databaseDir);
process.exit(0);
