"use client";

import { useState, type ReactElement } from "react";

import { Notice } from "#components/ui/notice.tsx";
import { ReadTable } from "#components/viewer/read-table.tsx";
import { tableRows } from "#components/viewer/table-rows.ts";
import type { AnswerSnapshot, EvidenceQuote } from "#lib/core/chat/events.ts";

import { sayPlaceOf, sourceOf, withoutBullet } from "./answer-words.ts";
import { Citation } from "./citation.tsx";
import css from "./evidence.module.css";
import { openSource } from "./open-source.ts";
import { words } from "./words.ts";

/** Rows of a table stay rows: run together, nobody could tell which figure is whose. */
const QuoteText = ({ text }: { readonly text: string }): ReactElement => {
  const rows = tableRows(text, { start: 0, end: text.length });
  if (rows === null) return <>{withoutBullet(text)}</>;
  return <ReadTable text={text} rows={rows} cell={({ start, end }) => text.slice(start, end)} />;
};

const Quote = ({
  answerKey,
  snapshot,
  quote,
}: {
  readonly answerKey: string;
  readonly snapshot: AnswerSnapshot;
  readonly quote: EvidenceQuote;
}): ReactElement => {
  const source = sourceOf(snapshot, quote.citation);
  return (
    // The rule and the place stand where the quoted words begin.
    <li className={css["item"]} data-cites={quote.citation} dir="auto">
      <figure>
        <blockquote className={css["quote"]}>
          <QuoteText text={quote.text.trim()} />
        </blockquote>
        <figcaption className={css["caption"]}>
          <Citation
            answerKey={answerKey}
            snapshot={snapshot}
            citation={quote.citation}
            quote={quote}
          />
          {source === null ? null : (
            <button
              type="button"
              className={css["place"]}
              tabIndex={-1}
              onClick={() => {
                openSource(answerKey, snapshot, quote.citation, quote);
              }}
            >
              {sayPlaceOf(source)}
            </button>
          )}
        </figcaption>
      </figure>
    </li>
  );
};

/** Up to three sentences quoted word for word. For an answer they stand first; for a refusal they are only near it. */
export const Evidence = ({
  answerKey,
  snapshot,
}: {
  readonly answerKey: string;
  readonly snapshot: AnswerSnapshot;
}): ReactElement | null => {
  const [arrives] = useState(snapshot.outcome === "running");
  if (snapshot.quotes.length === 0) return null;
  const related = snapshot.verdict === "related";
  const conflict = snapshot.notices.find(({ kind }) => kind === "conflict");
  return (
    <section
      className={css["evidence"]}
      data-related={related ? "" : undefined}
      data-arrives={arrives ? "" : undefined}
    >
      <h3 className={css["label"]}>{related ? words.related : words.evidence}</h3>
      <ol className={css["list"]}>
        {snapshot.quotes.map((quote) => (
          <Quote
            key={`${String(quote.citation)}-${String(quote.charStart)}`}
            answerKey={answerKey}
            snapshot={snapshot}
            quote={quote}
          />
        ))}
      </ol>
      {conflict === undefined ? null : <Notice tone="warning">{conflict.message}</Notice>}
    </section>
  );
};
