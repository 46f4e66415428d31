import { z } from "zod";
import { collectionRights } from "#lib/core/access/actor.ts";
import { json } from "#lib/http/reply.ts";
import { idParams, personId } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

export const GET = handle(
  { auth: "member", params: idParams },
  async ({ container, actor, params: { id } }) =>
    json(200, await container.collectionRights.read(actor, id)),
);

const right = z.enum(collectionRights);
const grant = z.discriminatedUnion("subjectKind", [
  z.strictObject({ subjectKind: z.literal("user"), subjectId: personId, right }),
  z.strictObject({ subjectKind: z.literal("group"), subjectId: z.uuid(), right }),
  z.strictObject({ subjectKind: z.literal("everyone"), subjectId: z.literal("*"), right }),
]);
const subjectOf = (one: z.output<typeof grant>): string => `${one.subjectKind} ${one.subjectId}`;

/** All grants at once; nobody stands in it twice. */
const grants = z
  .array(grant)
  .max(1_000)
  .refine((all) => new Set(all.map(subjectOf)).size === all.length, "a subject stands twice");

export const PUT = handle(
  { auth: "member", params: idParams, body: z.strictObject({ grants }) },
  async ({ container, actor, params: { id }, body, audit }) => {
    await container.collectionRights.replace(actor, id, body.grants);
    await audit({ action: "collection.rights", target: id, detail: body });
    return json(200, body);
  },
);
