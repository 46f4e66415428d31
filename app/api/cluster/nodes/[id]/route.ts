import { noContent } from "#lib/http/reply.ts";
import { handle } from "../../../handle.ts";
import { nodeChange, nodeParams } from "../../shapes.ts";

export const PATCH = handle(
  { auth: "admin", params: nodeParams, body: nodeChange },
  async ({ container, actor, params: { id }, body, audit }) => {
    await container.cluster.editNode(actor, id, body);
    await audit({ action: "node.edit", target: id, detail: { ...body } });
    return noContent();
  },
);

export const DELETE = handle(
  { auth: "admin", params: nodeParams },
  async ({ container, actor, params: { id }, audit }) => {
    await container.cluster.removeNode(actor, id);
    await audit({ action: "node.remove", target: id });
    return noContent();
  },
);
