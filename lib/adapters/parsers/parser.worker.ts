import { readFileSync, writeSync } from "node:fs";
import { isAppError } from "../../core/errors/app-error.ts";
import { formatOf } from "./formats.ts";
import { removeNetwork } from "./no-network.ts";
import { reportFd, type WorkerReport } from "./worker-report.ts";

/** The child that reads one file: `parser.worker.ts MEDIA_TYPE FILE`. What it finds goes to the report pipe, a line each. */
const [mediaType = "", path = ""] = process.argv.slice(2);

function send(report: WorkerReport): void {
  const bytes = Buffer.from(`${JSON.stringify(report)}\n`);
  for (let at = 0; at < bytes.length;) at += writeSync(reportFd, bytes, at);
}

let told = 0;
const format = formatOf(mediaType);
try {
  if (format === undefined) throw new TypeError(`no reader for ${mediaType}`);
  const readFile = await format.load();
  removeNetwork();
  const document = await readFile(readFileSync(path), (progress) => {
    // Long documents have thousands of pages: a hundred steps are enough to watch.
    const step = Math.floor((progress.done / Math.max(1, progress.total)) * 100);
    if (step === told) return;
    told = step;
    send({ type: "progress", progress });
  });
  send({ type: "document", document });
} catch (error) {
  const details = isAppError(error) ? (error.details as { readonly reason?: string }) : {};
  send({
    type: "failed",
    code: isAppError(error) ? error.code : "document_unreadable",
    reason: details.reason ?? null,
  });
}
// Libraries may leave timers behind; there is nothing more to wait for.
process.exit(0);
