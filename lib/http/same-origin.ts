import { originByHost } from "../core/access/own-address.ts";
import { AppError } from "../core/errors/app-error.ts";

const loopback: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

const ownOrigin = (headers: Headers, publicOrigin: string | undefined): string | null =>
  originByHost(headers.get("host"), publicOrigin);

/** Throws `cross_origin` unless the request names an address that is Drover's own. */
export function requireOwnHost(headers: Headers, publicOrigin: string | undefined): string {
  const origin = ownOrigin(headers, publicOrigin);
  if (origin === null) throw new AppError("cross_origin", { reason: "unknown host" });
  return origin;
}

/**
 * Throws `cross_origin` unless Drover's own page sent a changing request: its own `Origin` (never absent, never `null`),
 * a `Sec-Fetch-Site` that agrees where the browser states it, and a content type that no plain form can send.
 */
export function requireOwnPage(headers: Headers, origin: string, contentType: string): void {
  const site = headers.get("sec-fetch-site");
  if (headers.get("origin") !== origin)
    throw new AppError("cross_origin", { reason: "foreign origin" });
  if (site !== null && site !== "same-origin")
    throw new AppError("cross_origin", { reason: "cross-site fetch" });
  const given = (headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (given !== contentType) throw new AppError("cross_origin", { reason: "content type" });
}

/** Throws `insecure_transport` when a password or a session would cross a network in the clear. */
export function requireSafeTransport(origin: string): void {
  const url = new URL(origin);
  if (url.protocol !== "https:" && !loopback.has(url.hostname))
    throw new AppError("insecure_transport", {});
}

/** Why nobody can sign in under the address of this request; `null` when they can. */
export function transportFault(
  headers: Headers,
  publicOrigin: string | undefined,
): "unknown address" | "not encrypted" | null {
  const origin = ownOrigin(headers, publicOrigin);
  if (origin === null) return "unknown address";
  const url = new URL(origin);
  return url.protocol === "https:" || loopback.has(url.hostname) ? null : "not encrypted";
}

const addressText = /^[0-9a-fA-F.:]{2,45}$/;

/** The address at the other end of the connection, as the guard of Drover's own server wrote it (embedded/supervisor/guard-server.mjs). */
function peerAddress(headers: Headers): string | null {
  const token: unknown = Reflect.get(globalThis, Symbol.for("drover.peer-token"));
  const [given, address = ""] = (headers.get("x-drover-peer") ?? "").split(" ", 2);
  return typeof token === "string" && given === token && addressText.test(address) ? address : null;
}

/**
 * The client's address: what the outermost of `proxyHops` trusted proxies saw (each appends to `X-Forwarded-For`), the connection's
 * own without any. What a client writes itself stands further left and is never read. `null` when nobody trustworthy states it.
 */
export function clientAddress(headers: Headers, proxyHops: number): string | null {
  if (proxyHops === 0) return peerAddress(headers);
  const stated = (headers.get("x-forwarded-for") ?? "").split(",");
  const address = stated.at(-proxyHops)?.trim() ?? "";
  return addressText.test(address) ? address : null;
}
