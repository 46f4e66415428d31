import type { OpenedChat } from "#components/api/shapes.ts";
import { writtenBlocks } from "#components/chat/written-text.ts";
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

/** No chat's. What is no id is looked up like one that is nobody's: the same work, and the same page to the byte. */
const noId = "00000000-0000-0000-0000-000000000000";

/** The end of a chat for the first paint, as this person may read it now; `null` when there is none that they may read. */
export async function readOpenedChat(
  { user, workspace }: Identity,
  asked: string,
): Promise<OpenedChat | null> {
  const id = idParams.safeParse({ id: asked }).success ? asked : noId;
  const { conversations } = await getContainer();
  const actor = { userId: user.id, workspaceId: workspace.id, role: user.role };
  try {
    const { conversation, turns } = await conversations.get(actor, id, mostTurns + 1);
    const newest = newestWithin(turns.slice(-mostTurns), mostChars);
    return {
      conversation: {
        ...conversation,
        createdAt: conversation.createdAt.toISOString(),
        updatedAt: conversation.updatedAt.toISOString(),
      },
      turns: newest.map(wire),
      isWhole: newest.length === turns.length,
      blocks: Object.fromEntries(
        newest.flatMap(({ answerId, outcome, snapshot }) =>
          outcome === "running" || snapshot === null ? [] : [[answerId, writtenBlocks(snapshot)]],
        ),
      ),
    };
  } catch (error) {
    if (isAppError(error, "not_found")) return null;
    throw error;
  }
}
