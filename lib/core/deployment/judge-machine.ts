import { fail, ok, warn, type Finding } from "./finding.ts";

const leastBytes = 500e6;
const comfortableBytes = 5e9;

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** @param freeBytes by folder; folders of one disk may be named once */
export const judgeDisk = (freeBytes: ReadonlyMap<string, number>): readonly Finding[] =>
  [...freeBytes].map(([folder, free]) => {
    const check = `disk of ${folder}`;
    const text = `${gigabytes(free)} free`;
    if (free < leastBytes)
      return fail(check, text, "Make room: below 0.5 GB uploads and the database will fail.");
    return free < comfortableBytes
      ? warn(check, text, "Plan for more: documents, their vectors and the logs grow.")
      : ok(check, text);
  });

export interface SecuritySettings {
  readonly host: string;
  readonly publicOrigin: string | undefined;
  /** Permission bits of the file that signs cookies; null = not made yet. */
  readonly secretMode: number | null;
  /** The one-time link for the first admin is still open. */
  readonly isSetupOpen: boolean;
  readonly userId: number | null;
}

const isLoopback = (host: string): boolean => /^(127\.|localhost$|::1$|\[::1\]$)/.test(host);

function judgeOrigin({ host, publicOrigin }: SecuritySettings): Finding {
  const check = "address";
  if (publicOrigin?.startsWith("https://") === true) return ok(check, publicOrigin);
  const isLocal =
    publicOrigin === undefined ? isLoopback(host) : isLoopback(new URL(publicOrigin).hostname);
  if (isLocal) return ok(check, "this machine only");
  return warn(
    check,
    publicOrigin === undefined
      ? `Drover listens on ${host} without a public address`
      : `${publicOrigin} sends passwords and cookies in the clear`,
    "Put a proxy with TLS before Drover and set DROVER_PUBLIC_ORIGIN=https://…",
  );
}

function judgeSecret({ secretMode }: SecuritySettings): Finding {
  const check = "secret";
  if (secretMode === null) return ok(check, "will be made at the first start");
  return (secretMode & 0o077) === 0
    ? ok(check, "readable by its owner only")
    : fail(
        check,
        "other users of this machine can read it",
        "Run chmod 600 on the file (DROVER_SECRET_FILE).",
      );
}

export const judgeSecurity = (settings: SecuritySettings): readonly Finding[] => [
  judgeOrigin(settings),
  judgeSecret(settings),
  settings.isSetupOpen
    ? warn(
        "first admin",
        "nobody has set Drover up yet",
        "Open the one-time link from the log before others can reach the address.",
      )
    : ok("first admin", "there is one, or no link is open"),
  settings.userId === 0
    ? warn("user", "Drover runs as root", "Run it as a user of its own.")
    : ok("user", "not root"),
];
