import { type NextRequest, NextResponse } from "next/server";

import { mayPinEncryption } from "#lib/core/access/own-address.ts";

/** Only scripts that this response names by its nonce run, and what those load. Styles may stand in the page: maths and charts set them. */
function pagePolicy(nonce: string, development: boolean): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "frame-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "form-action 'self'",
  ].join("; ");
}

/** Headers and the page's nonce, nothing else: who may see what is decided in handlers and pages, which hold without this file. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  // eslint-disable-next-line no-restricted-syntax -- Next writes the value in when it builds; the dev server's React needs eval
  const policy = pagePolicy(nonce, process.env.NODE_ENV === "development");
  const forwarded = new Headers(request.headers);
  // A policy or nonce that the client sent must never reach the renderer.
  forwarded.set("content-security-policy", policy);
  forwarded.delete("content-security-policy-report-only");
  forwarded.set("x-nonce", nonce);
  const response = NextResponse.next({ request: { headers: forwarded } });
  const { headers } = response;
  headers.set("content-security-policy", policy);
  headers.set("x-content-type-options", "nosniff");
  headers.set("referrer-policy", "no-referrer");
  // Without it the browser looks up the hosts of links that nobody has pressed.
  headers.set("x-dns-prefetch-control", "off");
  headers.set("cross-origin-opener-policy", "same-origin");
  headers.set("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
  const host = request.headers.get("host");
  if (
    request.headers.get("x-forwarded-proto") === "https" &&
    host !== null &&
    mayPinEncryption(host)
  )
    headers.set("strict-transport-security", "max-age=31536000");
  return response;
}

/** Routes set their own, stricter headers (lib/http/reply.ts). */
export const config = {
  matcher: ["/((?!api/|healthz|readyz|_next/static/|frames/|pdfjs/).*)"],
};
