import { z } from "zod";
import { json } from "#lib/http/reply.ts";
import { idParams, nameText } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

export const GET = handle(
  { auth: "admin", params: idParams },
  async ({ container, actor, params: { id } }) =>
    json(200, { sources: await container.sources.list(actor, id) }),
);

const newSource = z.strictObject({
  kind: z.enum(["folder", "web"]),
  location: nameText(2_000),
  everyHours: z.int().min(1).max(720),
  onVanished: z.enum(["keep", "remove"]),
});

export const POST = handle(
  { auth: "admin", params: idParams, body: newSource },
  async ({ container, actor, params: { id }, body, audit, signal }) => {
    const source = await container.sources.add(actor, id, body, signal);
    await audit({ action: "source.add", target: source.id, detail: { ...body, collection: id } });
    return json(201, { source });
  },
);
