import { z } from "zod";
import { noContent } from "#lib/http/reply.ts";
import { handle } from "../../../../handle.ts";
import { modelName, nodeParams } from "../../../shapes.ts";

const change = z.strictObject({
  model: modelName,
  action: z.enum(["load", "unload", "install", "remove"]),
});

const unloadDeadlineMs = 60_000;

/** Loading and installing begin; the snapshot shows how they go on. */
export const POST = handle(
  { auth: "admin", params: nodeParams, body: change, deadlineMs: unloadDeadlineMs },
  async ({ container, params: { id }, body: { model, action }, signal, audit }) => {
    await container.cluster.changeModel(id, model, action, signal);
    await audit({ action: `model.${action}`, target: id, detail: { model } });
    return noContent(action === "unload" || action === "remove" ? 204 : 202);
  },
);
