const everywhere: readonly string[] = ["0.0.0.0", "::"];

/** The address that works in a browser on this machine for a program that listens on `host`. */
export function listeningOrigin(host: string, port: number): string {
  if (everywhere.includes(host)) return `http://127.0.0.1:${port}`;
  return host.includes(":") ? `http://[${host}]:${port}` : `http://${host}:${port}`;
}
