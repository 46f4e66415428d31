import { startFakeOllama } from "./server.ts";

// A fake node as a process of its own: node testing/fakes/fake-ollama/main.ts PORT
const node = await startFakeOllama({ port: Number(process.argv[2] ?? "0") });
process.stdout.write(`${node.url}\n`);
