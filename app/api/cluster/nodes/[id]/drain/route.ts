import { noContent } from "#lib/http/reply.ts";
import { handle } from "../../../../handle.ts";
import { nodeParams } from "../../../shapes.ts";

export const POST = handle(
  { auth: "admin", params: nodeParams },
  async ({ container, actor, params: { id }, audit }) => {
    await container.cluster.drainNode(actor, id, true);
    await audit({ action: "node.drain", target: id });
    return noContent();
  },
);

/** Resumes it. */
export const DELETE = handle(
  { auth: "admin", params: nodeParams },
  async ({ container, actor, params: { id }, audit }) => {
    await container.cluster.drainNode(actor, id, false);
    await audit({ action: "node.resume", target: id });
    return noContent();
  },
);
