import { networkOf } from "./network-address.ts";

/** Where a page is asked for: one reading of its address, which everything after it uses. */
export interface WebTarget {
  readonly url: URL;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
}

interface AllowedHost {
  readonly host: string;
  readonly port: number | null;
}

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, "").toLowerCase();

/** `wiki.local, 10.0.0.7:8080`, as an admin writes them. */
export function allowedHosts(text: string): readonly AllowedHost[] {
  return text.split(/[\s,]+/).flatMap((entry) => {
    if (entry === "") return [];
    const url = URL.canParse(`http://${entry}`) ? new URL(`http://${entry}`) : null;
    if (url?.pathname !== "/") return [];
    return [
      { host: bare(url.hostname), port: /:\d+$/.test(entry) ? Number(url.port || 80) : null },
    ];
  });
}

/** @returns what is wrong with the address, as a sentence, or the target. */
export function parseWebTarget(text: string): WebTarget | string {
  if (!URL.canParse(text)) return "This is not a web address. Use one that begins with https://.";
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return "Only addresses that begin with https:// or http:// can be followed.";
  if (url.username !== "" || url.password !== "")
    return "Addresses with a name or a password in them are not followed.";
  url.hash = "";
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  if (port < 1024 && port !== 80 && port !== 443) return "No web pages are asked for at this port.";
  return { url, host: bare(url.hostname), port };
}

/**
 * Why nothing is asked at this target, or null when it may be. Addresses of an organisation's own network need the host in the
 * admin's list; those of this machine need host and port there; some are never asked.
 * @param addresses what the host's name stands for now: all of them must be fit, for any of them may be used
 */
export function refusalOf(
  target: WebTarget,
  addresses: readonly string[],
  allowed: readonly AllowedHost[],
): string | null {
  if (addresses.length === 0) return "The name of this address is not known.";
  const listed = allowed.filter(({ host }) => host === target.host);
  const kinds = new Set(addresses.map(networkOf));
  if (kinds.has("never")) return "This address leads to where nothing is ever asked.";
  if (kinds.has("loopback") && !listed.some(({ port }) => port === target.port))
    return "This address leads to this machine. An admin can allow it with its port in the settings.";
  if (kinds.has("private") && !listed.some(({ port }) => port === null || port === target.port))
    return "This address leads into a private network. An admin can allow its host in the settings.";
  return null;
}
