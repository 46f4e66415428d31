import { json, noContent } from "#lib/http/reply.ts";
import { handle } from "../handle.ts";

export const GET = handle({ auth: "member" }, async ({ container, actor }) =>
  json(200, await container.demoCorpus.status(actor)),
);

export const POST = handle(
  { auth: "admin", deadlineMs: 60_000 },
  async ({ container, actor, audit }) => {
    const { collectionId } = await container.demoCorpus.install(actor);
    await audit({ action: "demo.install", target: collectionId });
    return json(202, { collectionId });
  },
);

export const DELETE = handle(
  { auth: "admin", deadlineMs: 60_000 },
  async ({ container, actor, audit }) => {
    await container.demoCorpus.remove(actor);
    await audit({ action: "demo.remove" });
    return noContent();
  },
);
