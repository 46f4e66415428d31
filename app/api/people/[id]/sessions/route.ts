import { json, noContent } from "#lib/http/reply.ts";
import { personParams } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

export const GET = handle(
  { auth: "admin", params: personParams },
  async ({ container, actor, params: { id } }) =>
    json(200, { sessions: await container.people.sessions(actor, id) }),
);

export const DELETE = handle(
  { auth: "admin", params: personParams },
  async ({ container, actor, params: { id }, audit }) => {
    await container.people.endSessions(actor, id);
    await audit({ action: "session.end-all", target: id });
    return noContent();
  },
);
