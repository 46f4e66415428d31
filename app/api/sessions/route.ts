import { json } from "#lib/http/reply.ts";
import { handle } from "../handle.ts";

export const GET = handle({ auth: "member" }, async ({ container, actor, session }) =>
  json(200, { sessions: await container.accounts.sessions(actor, session.sessionId) }),
);
