import { retrievalSettings } from "#lib/core/rag/rank-candidates.ts";
import { json } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";
import { goldenRun } from "../../../quality/shapes.ts";

export const GET = handle(
  { auth: "admin", params: idParams },
  async ({ container, actor, params: { id } }) =>
    json(200, { runs: await container.quality.golden.runs(actor, id) }),
);

export const POST = handle(
  { auth: "admin", params: idParams, body: goldenRun },
  async ({ container, actor, params: { id }, body, audit }) => {
    const settings = body.settings ?? retrievalSettings;
    const run = await container.quality.golden.start(actor, id, settings);
    await audit({ action: "golden.run", target: id, detail: { ...settings } });
    return json(202, { run });
  },
);
