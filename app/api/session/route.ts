import { z } from "zod";
import { json, noContent, withCookies } from "#lib/http/reply.ts";
import { requireSafeTransport } from "#lib/http/same-origin.ts";
import { emailText, passwordText } from "#lib/http/shapes.ts";
import { handle } from "../handle.ts";

export const GET = handle({ auth: "member" }, async ({ container, actor }) =>
  json(200, await container.accounts.identity(actor)),
);

const credentials = z.strictObject({ email: emailText, password: passwordText });

export const POST = handle(
  { auth: "none", body: credentials },
  async ({ container, body, caller, origin }) => {
    requireSafeTransport(origin);
    const session = await container.accounts.signIn(body, caller);
    return withCookies(
      json(200, await container.accounts.identity(session.actor)),
      session.cookies,
    );
  },
);

export const DELETE = handle({ auth: "member" }, async ({ container, session, caller }) =>
  withCookies(noContent(), await container.accounts.signOut(session, caller)),
);
