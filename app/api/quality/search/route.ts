import { json } from "#lib/http/reply.ts";
import { handle } from "../../handle.ts";
import { searchTrial } from "../shapes.ts";

export const POST = handle(
  { auth: "admin", body: searchTrial },
  async ({ container, actor, body, signal }) =>
    json(200, { searches: await container.quality.trySearch(actor, body, signal) }),
);
