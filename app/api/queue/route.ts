import { z } from "zod";
import { json } from "#lib/http/reply.ts";
import { handle } from "../handle.ts";

export const GET = handle({ auth: "admin" }, async ({ container, actor }) =>
  json(200, await container.jobs.overview(actor)),
);

const steering = z.strictObject({
  action: z.enum(["cancel", "replay", "purge"]),
  jobIds: z.array(z.uuid()).min(1).max(200),
});

export const POST = handle(
  { auth: "admin", body: steering },
  async ({ container, actor, body: { action, jobIds }, audit }) => {
    const changed = await container.jobs.steer(actor, action, jobIds);
    await audit({ action: `job.${action}`, detail: { jobs: jobIds, changed } });
    return json(200, { changed, ...(await container.jobs.overview(actor)) });
  },
);
