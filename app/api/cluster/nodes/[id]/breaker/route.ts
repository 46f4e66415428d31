import { noContent } from "#lib/http/reply.ts";
import { handle } from "../../../../handle.ts";
import { nodeParams } from "../../../shapes.ts";

/** Closes the breaker: what failed is forgotten. */
export const DELETE = handle(
  { auth: "admin", params: nodeParams },
  async ({ container, params: { id }, audit }) => {
    container.cluster.resetBreaker(id);
    await audit({ action: "node.reset-breaker", target: id });
    return noContent();
  },
);
