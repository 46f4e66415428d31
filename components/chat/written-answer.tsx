"use client";

import { Fragment, type ReactElement } from "react";

import type { AnswerSnapshot } from "#lib/core/chat/events.ts";
import { classNames } from "#components/ui/class-names.ts";

import { withoutMarks } from "./answer-words.ts";
import { Citation } from "./citation.tsx";
import { words } from "./words.ts";
import css from "./written-answer.module.css";

type Sentence = AnswerSnapshot["sentences"][number];

interface Part {
  readonly answerKey: string;
  readonly snapshot: AnswerSnapshot;
}

const Supported = ({ sentence, ...part }: Part & { readonly sentence: Sentence }): ReactElement => (
  <span className={css["sentence"]} data-cites={sentence.citations.join(" ")}>
    {withoutMarks(sentence.text).replace(/^ +| +$/gu, "")}
    {sentence.citations.map((citation) => (
      <Fragment key={citation}>
        {"\u00a0"}
        <Citation {...part} citation={citation} />
      </Fragment>
    ))}{" "}
  </span>
);

/** A sentence that failed the check stays where it stood, folded away. */
const Unsupported = ({ sentence }: { readonly sentence: Sentence }): ReactElement => (
  <details className={css["unsupported"]}>
    <summary>{words.unsupportedOpen}</summary>
    <span>{withoutMarks(sentence.text).trim()}</span>
  </details>
);

/** What a model wrote from the passages: each sentence settles when it has been checked against what it cites. */
export const WrittenAnswer = ({ answerKey, snapshot }: Part): ReactElement | null => {
  const { sentences, openText, outcome } = snapshot;
  const open = withoutMarks(openText);
  const provisional = outcome === "running" && open.trim() !== "";
  if (sentences.length === 0 && !provisional) return null;
  const generated = snapshot.quotes.length > 0;
  return (
    <section className={classNames(css["written"], generated && css["generated"])}>
      {generated ? <h3 className={css["label"]}>{words.written}</h3> : null}
      <div className={css["text"]}>
        {sentences.map((sentence, index) =>
          sentence.supported ? (
            <Supported key={index} answerKey={answerKey} snapshot={snapshot} sentence={sentence} />
          ) : (
            <Unsupported key={index} sentence={sentence} />
          ),
        )}
        {provisional ? <span className={css["provisional"]}>{open}</span> : null}
      </div>
    </section>
  );
};
