"use client";

import { useEffect, useState, type ReactElement } from "react";

import { api } from "#components/api/endpoints.ts";
import type { Collection } from "#components/api/shapes.ts";
import { Icon } from "#components/ui/icon.tsx";
import { useReaderLocale } from "#components/ui/reader-locale.ts";
import { soon } from "#components/ui/when-idle.ts";

import css from "./first-screen.module.css";
import { sayDocuments, words } from "./words.ts";

interface Suggested {
  readonly key: string;
  readonly questions: readonly string[];
}

const useSuggestions = (collectionIds: readonly string[]): readonly string[] => {
  const key = [...collectionIds].sort().join(",");
  const [suggested, setSuggested] = useState<Suggested>({ key: "", questions: [] });
  useEffect(() => {
    if (key === "") return undefined;
    let here = true;
    const read = async (): Promise<void> => {
      try {
        const { questions } = await api.suggestions(key.split(","));
        if (here) setSuggested({ key, questions });
      } catch {
        // Suggestions are a courtesy: without them one writes one's own question.
      }
    };
    soon(read);
    return () => {
      here = false;
    };
  }, [key]);
  return suggested.key === key ? suggested.questions : [];
};

/** A new chat: what can be asked, where it is searched, and questions that the documents answer. */
export const FirstScreen = ({
  collections,
  picked,
  onAsk,
}: {
  readonly collections: readonly Collection[];
  readonly picked: readonly string[];
  readonly onAsk: (question: string) => void;
}): ReactElement => {
  const questions = useSuggestions(picked);
  const locale = useReaderLocale();
  const searched = collections.filter(({ id }) => picked.includes(id));
  return (
    <div className={css["first"]}>
      <h1 className={css["title"]}>{words.askAnything}</h1>
      <p className={css["searched"]}>
        {words.searchesIn}{" "}
        {searched.map((collection, index) => (
          <span key={collection.id}>
            {index === 0 ? "" : index === searched.length - 1 ? " and " : ", "}
            <strong>{collection.name}</strong>
            {` (${sayDocuments(collection.documentCount, locale)})`}
          </span>
        ))}
      </p>
      {questions.length === 0 ? null : (
        <section className={css["suggestions"]}>
          <h2>{words.tryOne}</h2>
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
      )}
    </div>
  );
};
