import { api } from "#components/api/endpoints.ts";

import { changeOne } from "./chat-store.ts";
import type { TurnState } from "./conversation-state.ts";

/** @throws ApiFailure when the server did not take it; the page then shows the old rating again */
export const rateAnswer = async (
  id: string,
  turn: TurnState,
  rating: "up" | "down" | null,
  reason?: string,
): Promise<void> => {
  if (turn.answerId === null) return;
  changeOne(id, turn.key, (old) => ({ ...old, rating }));
  try {
    if (rating === null) await api.unrateAnswer(turn.answerId);
    else {
      await api.rateAnswer(turn.answerId, reason === undefined ? { rating } : { rating, reason });
    }
  } catch (error) {
    changeOne(id, turn.key, (old) => ({ ...old, rating: turn.rating }));
    throw error;
  }
};
