import type { ErrorCode } from "#lib/core/errors/error-codes.ts";
import { redirectTo, withCookies } from "#lib/http/reply.ts";
import { readTicket, ticketCookie } from "#lib/http/ticket-cookie.ts";
import { handle } from "../../handle.ts";

const shown: ReadonlySet<ErrorCode> = new Set([
  "sso_failed",
  "sso_unavailable",
  "sso_unknown",
  "sign_in_failed",
]);

/** A GET because the provider sends the browser here; what it may change is proven by the ticket that only this browser holds. */
export const GET = handle(
  {
    auth: "none",
    failurePage: (code, origin) =>
      shown.has(code)
        ? withCookies(redirectTo(`/sign-in?problem=${code}`), [ticketCookie(origin, null)])
        : null,
  },
  async ({ container, request, caller, origin }) => {
    const { search } = new URL(request.url);
    const session = await container.singleSignOn.finish(
      `${origin}/api/oidc/callback${search}`,
      readTicket(request.headers, origin),
      caller,
    );
    return withCookies(redirectTo("/"), [...session.cookies, ticketCookie(origin, null)]);
  },
);
