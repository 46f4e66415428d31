import { isAppError } from "#lib/core/errors/app-error.ts";
import { redirectTo, withCookies } from "#lib/http/reply.ts";
import { readTicket, ticketCookie } from "#lib/http/ticket-cookie.ts";
import { handle } from "../../handle.ts";

const shown = ["sso_failed", "sso_unknown", "sign_in_failed"] as const;

/** A GET because the provider sends the browser here; what it may change is proven by the ticket that only this browser holds. */
export const GET = handle({ auth: "none" }, async ({ container, request, caller, origin }) => {
  const { search } = new URL(request.url);
  const spent = ticketCookie(origin, null);
  try {
    const session = await container.singleSignOn.finish(
      `${origin}/api/oidc/callback${search}`,
      readTicket(request.headers, origin),
      caller,
    );
    return withCookies(redirectTo("/"), [...session.cookies, spent]);
  } catch (error) {
    const code = shown.find((one) => isAppError(error, one));
    if (code === undefined) throw error;
    return withCookies(redirectTo(`/sign-in?problem=${code}`), [spent]);
  }
});
