"use client";

import { Fragment, useId, useState, type ReactElement } from "react";

import type { AnswerSnapshot } from "#lib/core/chat/events.ts";
import { MarkdownBlocks } from "#components/markdown/markdown.tsx";
import type { Block } from "#components/markdown/markdown-tree.ts";
import { SentenceSlotsContext } from "#components/markdown/sentence-slots.ts";
import { classNames } from "#components/ui/class-names.ts";

import { withoutMarks } from "./answer-words.ts";
import { Citation } from "./citation.tsx";
import { words } from "./words.ts";
import css from "./written-answer.module.css";

type Sentence = AnswerSnapshot["sentences"][number];

export interface Part {
  readonly answerKey: string;
  readonly snapshot: AnswerSnapshot;
}

const Citations = ({
  citations,
  ...part
}: Part & { readonly citations: readonly number[] }): ReactElement => (
  <>
    {citations.map((citation) => (
      <Fragment key={citation}>
        {"\u00a0"}
        <Citation {...part} citation={citation} />
      </Fragment>
    ))}
  </>
);

/** A sentence that failed the check stays where it stood, folded away. */
const Unsupported = ({ sentence }: { readonly sentence: Sentence }): ReactElement => {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <span className={css["unsupported"]} data-open={open ? "" : undefined}>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => {
          setOpen((was) => !was);
        }}
      >
        {words.unsupportedOpen}
      </button>
      <span id={id} hidden={!open} dir="auto">
        {withoutMarks(sentence.text).trim()}
      </span>
    </span>
  );
};

const Withheld = (): ReactElement => (
  <span className={css["withheld"]} dir="auto">
    {words.withheld}
  </span>
);

/** What a model wrote from the passages, as it was read: each sentence settles when it has been checked against what it cites. */
export const WrittenBlocks = ({
  answerKey,
  snapshot,
  blocks,
}: Part & { readonly blocks: readonly Block[] }): ReactElement | null => {
  const { sentences } = snapshot;
  if (blocks.length === 0) return null;
  const generated = snapshot.quotes.length > 0;
  const citesOf = (index: number): readonly number[] => sentences[index]?.citations ?? [];
  const slots = {
    cites: citesOf,
    isOpen: (index: number) => index === sentences.length,
    atEnd: (index: number) => (
      <Citations answerKey={answerKey} snapshot={snapshot} citations={citesOf(index)} />
    ),
    atFold: (index: number) => {
      const sentence = sentences[index];
      if (sentence === undefined) return null;
      if (sentence.withheld !== true) return <Unsupported sentence={sentence} />;
      // One line for all that is missing at a place.
      return sentences[index - 1]?.withheld === true ? null : <Withheld />;
    },
  };
  return (
    <section className={classNames(css["written"], generated && css["generated"])}>
      {generated ? <h3 className={css["label"]}>{words.written}</h3> : null}
      <div className={css["text"]}>
        <SentenceSlotsContext value={slots}>
          <MarkdownBlocks blocks={blocks} />
        </SentenceSlotsContext>
      </div>
    </section>
  );
};
