import { AppError } from "../core/errors/app-error.ts";

const loopback: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Compared as text: a URL parser would also take `user@127.0.0.1` and `2130706433` for this machine. */
const loopbackHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;

/** The origin the browser talks to, from the `Host` it named; `null` unless Drover is known by it. A page elsewhere that resolves to this machine fails here. */
function ownOrigin(headers: Headers, publicOrigin: string | undefined): string | null {
  const host = headers.get("host");
  if (host === null) return null;
  if (publicOrigin !== undefined && new URL(publicOrigin).host === host) return publicOrigin;
  return loopbackHost.test(host) ? `http://${host}` : null;
}

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

/**
 * The client's address as the one proxy in front states it (it appends to `X-Forwarded-For`); `null` without a proxy,
 * where the header is whatever the client wrote.
 */
export function clientAddress(headers: Headers, publicOrigin: string | undefined): string | null {
  if (publicOrigin === undefined) return null;
  const last = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "";
  return /^[0-9a-fA-F.:]{2,45}$/.test(last) ? last : null;
}
