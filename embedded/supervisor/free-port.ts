import { createServer } from "node:net";
import { setupFailure } from "./setup-failure.ts";

const portsTried = 50;

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(false);
      else reject(setupFailure(`Drover cannot listen on ${host}: ${error.message}`, error));
    });
    server.listen(port, host, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/** The wanted port, or the next one that is free. */
export async function freePort(host: string, wanted: number): Promise<number> {
  const last = Math.min(wanted + portsTried, 65_535);
  for (let port = wanted; port <= last; port += 1) {
    if (await isFree(host, port)) return port;
  }
  throw setupFailure(
    `The ports ${String(wanted)} to ${String(last)} are all taken. Set DROVER_PORT.`,
  );
}
