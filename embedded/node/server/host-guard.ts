import type { IncomingHttpHeaders } from "node:http";
import { hostname } from "node:os";
import { BlockList, isIP } from "node:net";

const localNames: ReadonlySet<string> = new Set(["localhost", hostname().toLowerCase()]);
const localEndings = [".localhost", ".local", ".internal"];
const appSchemes: ReadonlySet<string> = new Set([
  "app:",
  "file:",
  "tauri:",
  "vscode-webview:",
  "vscode-file:",
]);
const originHosts: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "0.0.0.0", "[::1]"]);

const nearby = new BlockList();
for (const [network, prefix] of [
  ["127.0.0.0", 8],
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["0.0.0.0", 32],
] as const)
  nearby.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of [
  ["::1", 128],
  ["::", 128],
  ["fc00::", 7],
] as const)
  nearby.addSubnet(network, prefix, "ipv6");

const hostOf = (header: string): string => {
  const bracketed = /^\[([^\]]+)\]/.exec(header);
  if (bracketed !== null) return bracketed[1] ?? "";
  return header.replace(/:[0-9]+$/, "").toLowerCase();
};

const isOwnHost = (header: string | undefined): boolean => {
  if (header === undefined || header === "") return true;
  const host = hostOf(header);
  const family = isIP(host);
  if (family !== 0) return nearby.check(host, family === 6 ? "ipv6" : "ipv4");
  return localNames.has(host) || localEndings.some((ending) => host.endsWith(ending));
};

const isOwnOrigin = (origin: string | undefined, host: string | undefined): boolean => {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return appSchemes.has(url.protocol) || originHosts.has(url.hostname) || url.host === host;
};

/** Keeps web pages of elsewhere, and names that a foreign DNS points at this machine, from using the node. */
export const isAllowed = (headers: IncomingHttpHeaders): boolean =>
  isOwnHost(headers.host) && isOwnOrigin(headers.origin, headers.host);
