import { z } from "zod";
import { json, noContent } from "#lib/http/reply.ts";
import { idParams, nameText, personIds } from "#lib/http/shapes.ts";
import { handle } from "../../handle.ts";

const groupChange = z.strictObject({
  name: nameText(80).exactOptional(),
  memberIds: personIds.exactOptional(),
});

export const PATCH = handle(
  { auth: "admin", params: idParams, body: groupChange },
  async ({ container, actor, params: { id }, body, audit }) => {
    const group = await container.groups.change(actor, id, body);
    await audit({ action: "group.change", target: id, detail: body });
    return json(200, { group });
  },
);

export const DELETE = handle(
  { auth: "admin", params: idParams },
  async ({ container, actor, params: { id }, audit }) => {
    await container.groups.remove(actor, id);
    await audit({ action: "group.remove", target: id });
    return noContent();
  },
);
