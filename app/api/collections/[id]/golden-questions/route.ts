import { json } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";
import { newGolden } from "../../../quality/shapes.ts";

export const GET = handle(
  { auth: "admin", params: idParams },
  async ({ container, actor, params: { id } }) =>
    json(200, { questions: await container.quality.golden.list(actor, id) }),
);

export const POST = handle(
  { auth: "admin", params: idParams, body: newGolden },
  async ({ container, actor, params: { id }, body, audit }) => {
    const added = await container.quality.golden.add(actor, id, [body]);
    await audit({ action: "golden.add", target: id, detail: added });
    return json(201, added);
  },
);
