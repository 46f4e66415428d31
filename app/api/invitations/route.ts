import { z } from "zod";
import { json } from "#lib/http/reply.ts";
import { emailText, groupIds, role } from "#lib/http/shapes.ts";
import { handle } from "../handle.ts";

export const GET = handle({ auth: "admin" }, async ({ container, actor }) =>
  json(200, { invitations: await container.invitations.list(actor) }),
);

const newInvitation = z.strictObject({ email: emailText.nullable(), role, groupIds });

/** The only answer that ever holds the link. */
export const POST = handle(
  { auth: "admin", body: newInvitation },
  async ({ container, actor, body, caller }) =>
    json(201, await container.accounts.invite(actor, body, caller)),
);
