import { json, noContent } from "#lib/http/reply.ts";
import { collectionChange, idParams } from "#lib/http/shapes.ts";
import { handle } from "../../handle.ts";

export const GET = handle(
  { auth: "member", params: idParams },
  async ({ container, actor, params: { id } }) =>
    json(200, { collection: await container.collections.get(actor, id) }),
);

export const PATCH = handle(
  { auth: "member", params: idParams, body: collectionChange },
  async ({ container, actor, params: { id }, body, audit }) => {
    const collection = await container.collections.update(actor, id, body);
    await audit({
      action: "collection.change",
      target: id,
      detail: { changed: Object.keys(body) },
    });
    return json(200, { collection });
  },
);

export const DELETE = handle(
  { auth: "member", params: idParams },
  async ({ container, actor, params: { id }, audit }) => {
    await container.collections.remove(actor, id);
    await audit({ action: "collection.remove", target: id });
    return noContent();
  },
);
