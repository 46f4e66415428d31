/** Next calls this once a process, before the first request. It is compiled for the edge runtime too, hence the dynamic imports. */
export async function register(): Promise<void> {
  if (process.env["NEXT_RUNTIME"] !== "nodejs") return;
  const { parseConfig } = await import("./lib/config.ts");
  const { startInBackground } = await import("./lib/container.ts");
  startInBackground(parseConfig(process.env));
}
