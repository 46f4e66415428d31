"use client";

import { useEffect, useState, type ReactElement } from "react";

import { chatApi } from "#components/api/chat-endpoints.ts";
import { Icon } from "#components/ui/icon.tsx";
import { soon } from "#components/ui/when-idle.ts";

import css from "./first-screen.module.css";
import { words } from "./words.ts";

/** Questions that the documents of the last answer answer too. */
export const FollowUps = ({
  answerId,
  onAsk,
}: {
  readonly answerId: string;
  readonly onAsk: (question: string) => void;
}): ReactElement | null => {
  const [questions, setQuestions] = useState<readonly string[]>([]);
  useEffect(() => {
    let here = true;
    const read = async (): Promise<void> => {
      try {
        const { questions } = await chatApi.followUps(answerId);
        if (here) setQuestions(questions);
      } catch {
        // They are a courtesy: without them one writes one's own question.
      }
    };
    soon(read);
    return () => {
      here = false;
    };
  }, [answerId]);
  if (questions.length === 0) return null;
  return (
    <section className={css["suggestions"]}>
      <h3 className={css["followUps"]}>{words.followUps}</h3>
      <ul>
        {questions.map((question) => (
          <li key={question}>
            <button
              type="button"
              className={css["question"]}
              onClick={() => {
                onAsk(question);
              }}
            >
              <span dir="auto">{question}</span>
              <Icon name="arrowRight" size={16} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
};
