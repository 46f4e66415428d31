import { textAttachment } from "#lib/http/reply.ts";
import { handle } from "../../handle.ts";

export const GET = handle({ auth: "member" }, ({ container, actor, caller, request }) =>
  textAttachment({
    pieces: container.ownAccount.exportData(actor, caller, request.signal),
    fileName: "drover-export.json",
  }),
);
