import { noContent } from "#lib/http/reply.ts";
import { handle } from "../../handle.ts";

export const POST = handle({ auth: "admin" }, async ({ container, actor, audit }) => {
  await container.answerCache.startPrewarming(actor);
  await audit({ action: "cache.prewarm" });
  return noContent();
});
