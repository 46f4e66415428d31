import type { FakeBehaviour } from "./behaviour.ts";
import { startFakeOllama } from "./server.ts";

// A fake node as a process of its own: node testing/fakes/fake-ollama/main.ts PORT [BEHAVIOUR as JSON]
const [, , port = "0", behaviour = "{}"] = process.argv;
const node = await startFakeOllama({
  ...(JSON.parse(behaviour) as Partial<FakeBehaviour> & { readonly loaded?: boolean }),
  port: Number(port),
});
process.stdout.write(`${node.url}\n`);
// Ends with whoever started it, however that ended.
process.stdin.resume().on("end", () => process.exit(0));
