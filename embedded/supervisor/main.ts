// node embedded/supervisor/main.ts [--dev] [--parent-pipe]: starts the whole product and stays until it is asked to stop.
import { parseArgs } from "node:util";
import { misspeltVariables, parseConfig } from "../../lib/config.ts";
import { isAppError } from "../../lib/core/errors/app-error.ts";
import { startProduct } from "./product.ts";
import { sentenceFor } from "./setup-failure.ts";

/** A group signal and npm's own forwarding arrive as two: only a later one is a person who insists. */
const insistAfterMs = 700;

const { values } = parseArgs({
  options: {
    dev: { type: "boolean", default: false },
    "parent-pipe": { type: "boolean", default: false },
  },
});

const say = (sentence: string): void => {
  process.stdout.write(`${sentence}\n`);
};
// The terminal may be gone while the product goes on.
process.stdout.on("error", () => undefined);
process.stderr.on("error", () => undefined);

function stopOnSignals(onInsist: () => void): AbortSignal {
  const stopping = new AbortController();
  let askedAtMs = 0;
  const stop = (): void => {
    if (!stopping.signal.aborted) {
      askedAtMs = Date.now();
      stopping.abort(new Error("stopped"));
    } else if (Date.now() - askedAtMs > insistAfterMs) {
      onInsist();
    }
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, stop);
  if (values["parent-pipe"]) process.stdin.resume().on("end", stop).on("error", stop);
  return stopping.signal;
}

function explain(error: unknown): string {
  if (isAppError(error, "config_invalid")) {
    return ["The configuration is not valid; nothing was started.", ...error.details.faults].join(
      "\n  ",
    );
  }
  return sentenceFor(error);
}

async function run(): Promise<number> {
  let kill = (): void => undefined;
  const signal = stopOnSignals(() => {
    kill();
    process.exit(130);
  });
  try {
    const config = parseConfig(process.env);
    misspeltVariables(process.env).forEach(say);
    const product = await startProduct({
      config,
      dev: values.dev,
      say,
      signal,
      onSupervisor: (supervisor) => {
        kill = supervisor.kill;
      },
    });
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => {
        resolve();
      });
    });
    say("Stopping …");
    await product.stop();
    say("Stopped.");
    return 0;
  } catch (error) {
    if (signal.aborted) return 130;
    process.stderr.write(`${explain(error)}\n`);
    return 1;
  }
}

process.exit(await run());
