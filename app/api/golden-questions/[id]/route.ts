import { json, noContent } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../handle.ts";
import { goldenChange } from "../../quality/shapes.ts";

export const PATCH = handle(
  { auth: "admin", params: idParams, body: goldenChange },
  async ({ container, actor, params: { id }, body, audit }) => {
    const question = await container.quality.golden.change(actor, id, body);
    await audit({ action: "golden.change", target: id });
    return json(200, { question });
  },
);

export const DELETE = handle(
  { auth: "admin", params: idParams },
  async ({ container, actor, params: { id }, audit }) => {
    await container.quality.golden.remove(actor, id);
    await audit({ action: "golden.remove", target: id });
    return noContent();
  },
);
