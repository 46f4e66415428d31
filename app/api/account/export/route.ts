import { Readable } from "node:stream";
import { attachment } from "#lib/http/reply.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ auth: "member" }, ({ container, actor, caller, request }) =>
  attachment({
    content: Readable.from(container.ownAccount.exportData(actor, caller, request.signal), {
      objectMode: false,
    }),
    fileName: "drover-export.json",
  }),
);
