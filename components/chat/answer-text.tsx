"use client";

import { createContext, use, type ReactElement } from "react";

import type { AnswerSnapshot } from "#lib/core/chat/events.ts";
import { lazily } from "#components/ui/lazily.tsx";

import { withoutMarks } from "./answer-words.ts";
import css from "./answer-text.module.css";

interface Props {
  readonly answerKey: string;
  readonly snapshot: AnswerSnapshot;
}

const formatted = lazily<Props>(async () => (await import("./written-answer.tsx")).WrittenAnswer);

/** What shows text that came with the page, painted before any script has run; `null` for text that the page has yet to read. */
export const FormattingContext = createContext<((answer: Props) => ReactElement | null) | null>(
  null,
);

/** Fetches what formats text: called when an answer is asked for or a chat is opened, so that it is there before the text. */
export const loadFormatting = formatted.load;

/** The words without their format; what the documents do not support stays out. */
const plainText = ({ sentences }: AnswerSnapshot): string =>
  sentences
    .filter(({ supported }) => supported)
    .map(({ text }) => withoutMarks(text))
    .join("")
    .trim();

/** What a model wrote, formatted; in plain words where the script for that could not be fetched. */
export const AnswerText = ({ answerKey, snapshot }: Props): ReactElement | null => {
  const format = use(FormattingContext);
  if (snapshot.sentences.length === 0 && snapshot.outcome !== "running") return null;
  const read = format?.({ answerKey, snapshot });
  if (read != null) return read;
  return (
    <formatted.Part
      given={{ answerKey, snapshot }}
      meanwhile={({ failed }) =>
        failed ? (
          <p className={css["plain"]} dir="auto">
            {plainText(snapshot)}
          </p>
        ) : null
      }
    />
  );
};
