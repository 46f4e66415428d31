import { noContent } from "#lib/http/reply.ts";
import { handle } from "../../handle.ts";
import { newNode } from "../shapes.ts";

export const POST = handle(
  { auth: "admin", body: newNode },
  async ({ container, actor, body, audit }) => {
    await container.cluster.addNode(actor, body);
    await audit({ action: "node.add", target: body.id, detail: { ...body } });
    return noContent();
  },
);
