import { json, noContent } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../handle.ts";

export const GET = handle(
  { auth: "admin", params: idParams },
  async ({ container, actor, params: { id } }) =>
    json(200, { run: await container.quality.golden.run(actor, id) }),
);

export const DELETE = handle(
  { auth: "admin", params: idParams },
  async ({ container, actor, params: { id }, audit }) => {
    await container.quality.golden.removeRun(actor, id);
    await audit({ action: "golden.forget-run", target: id });
    return noContent();
  },
);
