import type { ReactElement } from "react";

import type { AnswerSnapshot } from "#lib/core/chat/events.ts";

import { Evidence } from "./evidence.tsx";
import css from "./refusal.module.css";
import { words } from "./words.ts";

/** The documents do not hold the answer: said plainly, with what was searched, what came near, and what to do. */
export const Refusal = ({
  answerKey,
  snapshot,
  searched,
}: {
  readonly answerKey: string;
  readonly snapshot: AnswerSnapshot;
  /** Names of the collections that were searched. */
  readonly searched: readonly string[];
}): ReactElement => (
  <div className={css["refusal"]}>
    <div>
      <h3 className={css["title"]}>{words.refusalTitle}</h3>
      <p className={css["text"]}>{refusalText(snapshot)}</p>
      {searched.length === 0 ? null : (
        <p className={css["searched"]}>
          {words.searched}: {searched.join(", ")}
        </p>
      )}
    </div>
    <Evidence answerKey={answerKey} snapshot={snapshot} />
  </div>
);

/** A collection may have its own refusal text; it comes as the answer's only sentences. */
const refusalText = (snapshot: AnswerSnapshot): string => {
  const own = snapshot.sentences.map((sentence) => sentence.text).join(" ");
  return own.trim() === "" ? words.refusalStrict : own;
};
