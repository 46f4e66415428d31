import { useEffect } from "react";

import { wantedAnswer } from "#components/shell/wanted-answer.ts";
import { useStore } from "#components/ui/store.ts";

import { showBranch } from "./chat-store.ts";
import type { ConversationState } from "./conversation-state.ts";

/**
 * Brings the answer that a search found, or that the address names after its `#`, on screen as soon as it is there.
 * @param shown how many turns are on the page
 * @param onThere the reader is somewhere else than at the end now
 */
export const useSearchedAnswer = (
  id: string,
  { phase, isPart, turns }: ConversationState,
  shown: number,
  onThere: () => void,
): void => {
  const wanted = useStore(wantedAnswer, (one) =>
    one?.conversationId === id ? one.answerId : null,
  );
  useEffect(() => {
    const named = decodeURIComponent(window.location.hash.slice(1));
    if (named !== "") wantedAnswer.set({ conversationId: id, answerId: named });
  }, [id]);
  const isHere = turns.some((turn) => turn.answerId === wanted);
  useEffect(() => {
    if (wanted === null || phase !== "ready") return;
    if (!isHere) {
      if (isPart) return;
      // Another branch of this chat holds it; its turns come with the branch.
      void showBranch(id, wanted);
      return;
    }
    const turn = document.querySelector(`[data-answer="${CSS.escape(wanted)}"]`);
    if (turn === null) return;
    wantedAnswer.set(null);
    onThere();
    turn.scrollIntoView({ block: "start" });
    turn.querySelector<HTMLElement>("[data-question]")?.focus({ preventScroll: true });
  }, [wanted, id, phase, isPart, isHere, shown, onThere]);
};
