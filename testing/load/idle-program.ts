// A program that does nothing but look how late it is called, as the product does: what the machine itself holds up shows here too.
import { watchProcess } from "#lib/adapters/system/process-metrics.ts";

const own = watchProcess();
process.stdin.resume().on("end", () => {
  process.stdout.write(own.text(), () => process.exit(0));
});
