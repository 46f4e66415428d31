import { streamLogContract } from "#testing/contracts/stream-log.ts";
import { createMemoryStreamLog } from "./stream-log.ts";

streamLogContract("memory", (clock) => createMemoryStreamLog({ clock }));
