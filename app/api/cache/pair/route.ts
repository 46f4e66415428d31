import { z } from "zod";
import { json } from "#lib/http/reply.ts";
import { questionText } from "#lib/http/shapes.ts";
import { handle } from "../../handle.ts";
import { adminCall } from "../shapes.ts";

const pair = z.strictObject({ one: questionText, other: questionText });

export const POST = handle(
  { auth: "admin", body: pair },
  async ({ container, actor, body: { one, other }, signal }) => {
    const call = adminCall(container.clock, actor.userId, signal);
    return json(200, await container.answerCache.pair(actor, one, other, call));
  },
);
