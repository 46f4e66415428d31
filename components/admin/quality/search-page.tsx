"use client";

import { useSearchParams } from "next/navigation";
import { useEffect, useState, type ReactElement } from "react";

import { failureOf, type Failure } from "#components/api/failure.ts";
import { qualityApi } from "#components/api/quality-endpoints.ts";
import type { SearchTrial, TriedSearch, TriedSettings } from "#components/api/quality-shapes.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { showToast } from "#components/ui/toast.tsx";

import { QualityFrame } from "./quality-frame.tsx";
import css from "./quality.module.css";
import found from "./search.module.css";
import { RankingTable } from "./ranking-table.tsx";
import { inForce, isInForce, SearchForm, type SearchInput } from "./search-form.tsx";
import { searchWords as words } from "./words.ts";

const typingMs = 350;

const trialOf = ({ text, previousQuestion, collectionId, tried }: SearchInput): SearchTrial => ({
  text: text.trim(),
  ...(previousQuestion.trim() === "" ? {} : { previousQuestion: previousQuestion.trim() }),
  collectionIds: collectionId === "" ? [] : [collectionId],
  settings: isInForce(tried) ? [inForce] : [inForce, tried],
});

interface Tried {
  readonly searches: readonly TriedSearch[];
  readonly failure: Failure | null;
}
const nothingTried: Tried = { searches: [], failure: null };

/** Searches again a moment after the last change; what was found before stays until then. */
const useTried = (input: SearchInput): Tried => {
  const [tried, setTried] = useState<Tried>(nothingTried);
  const isEmpty = input.text.trim() === "";
  useEffect(() => {
    if (isEmpty) return undefined;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      qualityApi.trySearch(trialOf(input), controller.signal).then(
        ({ searches }) => {
          setTried({ searches, failure: null });
        },
        (error: unknown) => {
          if (!controller.signal.aborted) setTried({ searches: [], failure: failureOf(error) });
        },
      );
    }, typingMs);
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [input, isEmpty]);
  return isEmpty ? nothingTried : tried;
};

const Result = ({
  title,
  search,
  before,
}: {
  readonly title: string;
  readonly search: TriedSearch;
  readonly before?: TriedSearch;
}): ReactElement => {
  const kept = new Set(search.ranking.map(({ chunkId }) => chunkId));
  const gone = before?.ranking.filter(({ chunkId }) => !kept.has(chunkId)).length ?? 0;
  return (
    <section className={found["result"]} aria-label={title}>
      <h2>
        {title} <span className={css["sub"]}>{words.took(search.tookMs)}</span>
      </h2>
      {search.lexicalOnly ? <p className={css["hint"]}>{words.lexicalOnly}</p> : null}
      <RankingTable
        label={title}
        ranking={search.ranking}
        passages={search.passages}
        {...(before === undefined ? {} : { before: before.ranking })}
      />
      {gone === 0 ? null : <p className={css["hint"]}>{words.gone(gone)}</p>}
    </section>
  );
};

const askGolden = async (collectionId: string, tried: TriedSettings): Promise<void> => {
  const { vectorShare, lexicalCandidates, vectorCandidates } = tried;
  try {
    await qualityApi.startRun(collectionId, { vectorShare, lexicalCandidates, vectorCandidates });
    showToast(words.runGoldenDone);
  } catch (error) {
    showToast(failureOf(error).message);
  }
};

/** The question of the answer that the address names, when its words may be read. */
const useQuestionOf = (answerId: string | null, onQuestion: (question: string) => void): void => {
  useEffect(() => {
    if (answerId === null) return;
    qualityApi.trace(answerId).then(
      ({ question }) => {
        if (question !== null) onQuestion(question);
      },
      // The form is empty then, as without an answer.
      () => undefined,
    );
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once for each address
  }, [answerId]);
};

const nothingAsked: SearchInput = {
  ...{ text: "", previousQuestion: "", collectionId: "", tried: inForce },
};

/** The search with other parameters beside the search as it is. */
export const SearchPage = (): ReactElement => {
  const [input, setInput] = useState<SearchInput>(nothingAsked);
  useQuestionOf(useSearchParams().get("answer"), (text) => {
    setInput((old) => (old.text === "" ? { ...old, text } : old));
  });
  const { searches, failure } = useTried(input);
  const [now, tried] = searches;
  return (
    <QualityFrame
      title={words.title}
      says={words.says}
      tools={
        input.collectionId === "" ? undefined : (
          <Button onClick={() => void askGolden(input.collectionId, input.tried)}>
            {words.runGolden}
          </Button>
        )
      }
    >
      <SearchForm input={input} onChange={setInput} />
      {failure === null ? null : (
        <Notice tone="bad" code={failure.requestId}>
          {words.failed} {failure.message}
        </Notice>
      )}
      {now === undefined ? <p className={css["hint"]}>{words.empty}</p> : null}
      {now === undefined ? null : (
        <>
          <ul className={found["terms"]} aria-label={words.searched}>
            {now.terms.map(({ lexeme, language, chunkCount }) => (
              <li key={`${language} ${lexeme}`} title={language}>
                {lexeme} <span className={css["sub"]}>{chunkCount}</span>
              </li>
            ))}
          </ul>
          <div className={found["sideBySide"]} data-compares={tried !== undefined}>
            <Result title={words.now} search={now} />
            {tried === undefined ? (
              <p className={css["hint"]}>{words.same}</p>
            ) : (
              <Result title={words.tried} search={tried} before={now} />
            )}
          </div>
        </>
      )}
    </QualityFrame>
  );
};
