import { json } from "#lib/http/reply.ts";
import { newCollection } from "#lib/http/shapes.ts";
import { handle } from "../handle.ts";

export const GET = handle({ auth: "member" }, async ({ container, actor }) =>
  json(200, { collections: await container.collections.list(actor) }),
);

export const POST = handle(
  { auth: "admin", body: newCollection },
  async ({ container, actor, body, audit }) => {
    const collection = await container.collections.create(actor, body);
    await audit({ action: "collection.create", target: collection.id });
    return json(201, { collection });
  },
);
