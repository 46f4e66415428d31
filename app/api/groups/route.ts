import { z } from "zod";
import { json } from "#lib/http/reply.ts";
import { nameText } from "#lib/http/shapes.ts";
import { handle } from "../handle.ts";

export const GET = handle({ auth: "admin" }, async ({ container, actor }) =>
  json(200, { groups: await container.groups.list(actor) }),
);

export const POST = handle(
  { auth: "admin", body: z.strictObject({ name: nameText(80) }) },
  async ({ container, actor, body, audit }) => {
    const group = await container.groups.create(actor, body.name);
    await audit({ action: "group.create", target: group.id, detail: body });
    return json(201, { group });
  },
);
