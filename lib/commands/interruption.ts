/** Aborts at the first Ctrl-C, so that a command can clear away what it began; a second one ends it at once. */
export function interruption(): AbortSignal {
  const interrupted = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const)
    process.once(name, () => {
      interrupted.abort(new Error("Stopped. Nothing was changed."));
    });
  return interrupted.signal;
}
