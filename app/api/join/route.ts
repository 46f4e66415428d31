import { z } from "zod";
import { json, withCookies } from "#lib/http/reply.ts";
import { requireSafeTransport } from "#lib/http/same-origin.ts";
import { emailText, nameText, passwordText, tokenText } from "#lib/http/shapes.ts";
import { handle } from "../handle.ts";

const newMember = z.strictObject({
  token: tokenText,
  name: nameText(120),
  email: emailText,
  password: passwordText,
});

export const POST = handle(
  { auth: "none", body: newMember },
  async ({ container, body, caller, origin }) => {
    requireSafeTransport(origin);
    const session = await container.accounts.join(body, caller);
    return withCookies(
      json(201, await container.accounts.identity(session.actor)),
      session.cookies,
    );
  },
);
