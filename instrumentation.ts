/** Next calls this once a process, before the first request. It is compiled for the edge runtime too, hence the dynamic import. */
export async function register(): Promise<void> {
  if (process.env["NEXT_RUNTIME"] !== "nodejs") return;
  const { startInBackground } = await import("./lib/container.ts");
  startInBackground();
}
