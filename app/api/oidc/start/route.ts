import { redirectTo, withCookies } from "#lib/http/reply.ts";
import { requireSafeTransport } from "#lib/http/same-origin.ts";
import { ticketCookie } from "#lib/http/ticket-cookie.ts";
import { handle } from "../../handle.ts";

export const GET = handle(
  {
    auth: "none",
    failurePage: (code) =>
      code === "sso_unavailable" ? redirectTo(`/sign-in?problem=${code}`) : null,
  },
  async ({ container, origin }) => {
    requireSafeTransport(origin);
    const { url, ticket } = await container.singleSignOn.begin(`${origin}/api/oidc/callback`);
    return withCookies(redirectTo(url), [ticketCookie(origin, ticket)]);
  },
);
