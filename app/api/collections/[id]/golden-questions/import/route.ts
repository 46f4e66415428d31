import { readGoldenLines, readGoldenTable } from "#lib/core/evaluation/golden-file.ts";
import { json } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../../../handle.ts";
import { goldenImport } from "../../../../quality/shapes.ts";

const shownFaults = 20;

export const POST = handle(
  { auth: "admin", params: idParams, body: goldenImport },
  async ({ container, actor, params: { id }, body: { format, content }, audit }) => {
    const read = format === "csv" ? readGoldenTable(content) : readGoldenLines(content);
    const added = await container.quality.golden.add(actor, id, read.questions);
    await audit({ action: "golden.import", target: id, detail: { format, ...added } });
    const faults = read.faults.slice(0, shownFaults);
    return json(200, { ...added, faults, faultCount: read.faults.length });
  },
);
