"use client";

import type { ReactElement } from "react";

import type { AnswerSnapshot } from "#lib/core/chat/events.ts";

import { openSource } from "./open-source.ts";
import css from "./source-list.module.css";
import { words } from "./words.ts";

/** Every passage the answer was made from; those that are quoted or cited stand out. */
export const SourceList = ({
  answerKey,
  snapshot,
  cited,
}: {
  readonly answerKey: string;
  readonly snapshot: AnswerSnapshot;
  readonly cited: readonly number[];
}): ReactElement => (
  <ol className={css["list"]} aria-label={words.sources}>
    {snapshot.sources.map((source) => (
      <li key={source.citation}>
        <button
          type="button"
          className={css["source"]}
          onClick={() => {
            openSource(answerKey, snapshot, source.citation);
          }}
        >
          <span className={css["number"]} data-cited={cited.includes(source.citation)}>
            {source.citation}
          </span>
          <span className={css["words"]}>
            <span className={css["title"]} dir="auto">
              {source.documentTitle}
            </span>
            <span className={css["place"]}>
              {[
                ...(source.page === null ? [] : [`Page ${String(source.page)}`]),
                ...source.headingPath,
                source.collectionName,
              ].join(" · ")}
            </span>
          </span>
        </button>
      </li>
    ))}
  </ol>
);
