import type { OpenedChat } from "#components/api/shapes.ts";
import { newestWithin } from "#lib/core/chat/newest-within.ts";
import { isAppError } from "#lib/core/errors/app-error.ts";
import { getContainer } from "#lib/container.ts";
import { idParams } from "#lib/http/shapes.ts";
import type { Identity } from "#lib/ports/accounts.ts";
import type { Turn } from "#lib/ports/conversation-store.ts";

/** More than a screen holds; the page asks for the others by itself. */
const mostTurns = 6;
const mostChars = 40_000;

const wire = (turn: Turn) => ({
  ...turn,
  startedAt: turn.startedAt.toISOString(),
  endedAt: turn.endedAt?.toISOString() ?? null,
});

/** The end of a chat for the first paint, as this person may read it now. */
export async function readOpenedChat(
  { user, workspace }: Identity,
  id: string,
): Promise<OpenedChat> {
  const absent = { id, conversation: null, turns: [] };
  if (!idParams.safeParse({ id }).success) return absent;
  const { conversations } = await getContainer();
  const actor = { userId: user.id, workspaceId: workspace.id, role: user.role };
  try {
    const { conversation, turns } = await conversations.get(actor, id, mostTurns);
    return {
      id,
      conversation: {
        ...conversation,
        createdAt: conversation.createdAt.toISOString(),
        updatedAt: conversation.updatedAt.toISOString(),
      },
      turns: newestWithin(turns, mostChars).map(wire),
    };
  } catch (error) {
    if (isAppError(error, "not_found")) return absent;
    throw error;
  }
}
