import { z } from "zod";
import { json, noContent } from "#lib/http/reply.ts";
import { emailText, groupIds, personParams, role } from "#lib/http/shapes.ts";
import { handle } from "../../handle.ts";

const personChange = z.strictObject({
  role: role.exactOptional(),
  suspended: z.boolean().exactOptional(),
  groupIds: groupIds.exactOptional(),
  email: emailText.exactOptional(),
});

export const PATCH = handle(
  { auth: "admin", params: personParams, body: personChange },
  async ({ container, actor, params: { id }, body, audit }) => {
    const person = await container.people.change(actor, id, body);
    await audit({ action: "person.change", target: id, detail: body });
    return json(200, { person });
  },
);

export const DELETE = handle(
  { auth: "admin", params: personParams },
  async ({ container, actor, params: { id }, audit }) => {
    const { name, email } = await container.people.get(actor, id);
    await container.people.remove(actor, id);
    await audit({ action: "person.remove", target: id, detail: { name, email } });
    return noContent();
  },
);
