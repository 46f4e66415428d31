import { z } from "zod";
import { noContent } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../../../handle.ts";

const body = z.strictObject({ settled: z.boolean() });

export const PUT = handle(
  { auth: "admin", params: idParams, body },
  async ({ container, actor, params: { id }, body: { settled }, audit }) => {
    await container.quality.settleQuestion(actor, id, settled);
    await audit({ action: "quality.settle", target: id, detail: { kind: "answer", settled } });
    return noContent();
  },
);
