// What `npm run check` starts: everything that a machine can hold against the house, two checks at a time. All faults are printed, not
// only those of the first check that has some.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";

/** The longest first. */
const checks = ["lint", "types", "boundaries", "dead", "format"];
const failed = [];

/** Runs one check to its end and prints what it said in one piece. */
const runCheck = (name) =>
  new Promise((done) => {
    const child = spawn("npm", ["run", "--silent", `check:${name}`], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    const hear = (bytes) => {
      said += bytes.toString();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("error", (error) => hear(String(error)));
    child.once("close", (code) => {
      if (code !== 0) failed.push(name);
      process.stdout.write(`${name}: ${code === 0 ? "ok" : "failed"}\n${code === 0 ? "" : said}`);
      done();
    });
  });

const runNext = async () => {
  for (let name = checks.shift(); name !== undefined; name = checks.shift()) await runCheck(name);
};

await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, runNext));
if (failed.length > 0) process.stdout.write(`Failed: ${failed.join(", ")}.\n`);
process.exit(failed.length > 0 ? 1 : 0);
