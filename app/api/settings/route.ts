import { z } from "zod";
import { json } from "#lib/http/reply.ts";
import { handle } from "../handle.ts";

export const GET = handle({ auth: "admin" }, async ({ container }) =>
  json(200, { settings: await container.settings.shown() }),
);

/** Values by key; `null` is back to the default. What fits which setting says lib/core/settings. */
const settingsChange = z.strictObject({
  changes: z
    .record(
      z.string().max(100),
      z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]),
    )
    .refine((changes) => Object.keys(changes).length <= 100, "too many changes"),
});

export const PATCH = handle(
  { auth: "admin", body: settingsChange },
  async ({ container, actor, body, caller }) =>
    json(200, {
      settings: await container.settings.change(
        actor,
        new Map(Object.entries(body.changes)),
        caller.address,
      ),
    }),
);
