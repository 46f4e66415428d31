"use client";

import type { ReactElement } from "react";

import type { AnswerSnapshot, EvidenceQuote } from "#lib/core/chat/events.ts";

import { sourceOf } from "./answer-words.ts";
import css from "./citation.module.css";
import { openSource } from "./open-source.ts";
import { words } from "./words.ts";

/** Lights what rests on a source while its number is pointed at; styles decide how that looks. */
const light = (chip: HTMLElement, citation: number, on: boolean): void => {
  const resting = chip.closest("article")?.querySelectorAll(`[data-cites~="${String(citation)}"]`);
  for (const element of resting ?? []) element.toggleAttribute("data-lit", on);
};

/** The number of a source; a press opens the passage. */
export const Citation = ({
  answerKey,
  snapshot,
  citation,
  quote,
}: {
  readonly answerKey: string;
  readonly snapshot: AnswerSnapshot;
  readonly citation: number;
  /** The quote beside which the number stands. */
  readonly quote?: EvidenceQuote;
}): ReactElement | null => {
  const source = sourceOf(snapshot, citation);
  if (source === null) return null;
  return (
    <button
      type="button"
      className={css["chip"]}
      data-citation={citation}
      aria-label={words.showPassage(citation, source.documentTitle, source.page)}
      title={source.documentTitle}
      onPointerEnter={(event) => {
        light(event.currentTarget, citation, true);
      }}
      onPointerLeave={(event) => {
        light(event.currentTarget, citation, false);
      }}
      onFocus={(event) => {
        light(event.currentTarget, citation, true);
      }}
      onBlur={(event) => {
        light(event.currentTarget, citation, false);
      }}
      onClick={() => {
        openSource(answerKey, snapshot, citation, quote);
      }}
    >
      {citation}
    </button>
  );
};
