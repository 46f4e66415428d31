// A tiny part: says that it is ready and ends when it is told to or when its supervisor is gone. It writes each step to a journal.
//   --name NAME --journal FILE [--port N] [--deaf] [--mute] [--fail SENTENCE] [--control SOCKET]
import { appendFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    name: { type: "string" },
    journal: { type: "string" },
    port: { type: "string", default: "0" },
    deaf: { type: "boolean", default: false },
    mute: { type: "boolean", default: false },
    fail: { type: "string" },
    control: { type: "string" },
  },
});
const note = (what) => appendFileSync(values.journal, `${values.name} ${what}\n`);

if (values.fail !== undefined) {
  console.log(JSON.stringify({ ready: false, reason: values.fail }));
  process.exit(1);
}
const end = (why) => {
  note(why);
  process.exit(0);
};
if (values.deaf) process.on("SIGTERM", () => note("heard SIGTERM"));
else process.on("SIGTERM", () => setTimeout(end, 100, "stopped"));
process.on("SIGINT", () => note("heard SIGINT"));
process.stdin.resume().on("end", () => end("lost its supervisor"));
note("started");
if (values.control !== undefined) {
  rmSync(values.control, { force: true });
  createServer((socket) => socket.on("error", () => undefined).end("{}\n")).listen(values.control);
}
const port = values.port === "0" ? 20_000 + (process.pid % 10_000) : Number(values.port);
if (!values.mute) console.log(JSON.stringify({ ready: true, port }));
