import { z } from "zod";
import { searchWords } from "#lib/core/chat/search-words.ts";
import { json } from "#lib/http/reply.ts";
import { freeText } from "#lib/http/shapes.ts";
import { handle } from "../../handle.ts";

export const GET = handle(
  { auth: "member", query: z.strictObject({ query: freeText(200) }) },
  async ({ container, actor, query: { query } }) => {
    const words = searchWords(query);
    return json(200, { words, matches: await container.conversations.search(actor, words) });
  },
);
