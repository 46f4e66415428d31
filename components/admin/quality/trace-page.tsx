"use client";

import Link from "next/link";
import { useState, type ReactElement, type ReactNode } from "react";

import { NotRead } from "#components/admin/admin-page.tsx";
import { api } from "#components/api/endpoints.ts";
import { qualityApi } from "#components/api/quality-endpoints.ts";
import type { GoldenText, TracedAnswer } from "#components/api/quality-shapes.ts";
import { Button } from "#components/ui/button.tsx";
import type { AnswerTrace } from "#lib/core/rag/answer-trace.ts";

import { GoldenDialog } from "./golden-dialog.tsx";
import { QualityFrame } from "./quality-frame.tsx";
import css from "./quality.module.css";
import found from "./search.module.css";
import { RankingTable } from "./ranking-table.tsx";
import { useRead } from "./use-read.ts";
import { sayTrace, searchWords, traceWords as words } from "./words.ts";

const Part = ({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}): ReactElement => (
  <section className={css["section"]} aria-label={title}>
    <h2>{title}</h2>
    {children}
  </section>
);

const Searched = ({ trace }: { readonly trace: AnswerTrace }): ReactElement => {
  const { search, cache } = trace;
  return (
    <Part title={words.searched}>
      {cache.result === "hit" ? <p>{words.cache(cache.by)}</p> : null}
      {search === null ? null : (
        <>
          <p className={css["hint"]}>
            {words.scope(search.collectionIds.length)} · {searchWords.took(search.tookMs)}
            {search.withPreviousQuestion ? ` · ${words.withPrevious}` : ""}
          </p>
          {search.lexicalOnly ? <p>{searchWords.lexicalOnly}</p> : null}
          <ul className={found["terms"]} aria-label={searchWords.searched}>
            {search.terms.map(({ lexeme, language, chunkCount }, at) => (
              <li key={`${String(at)}${language}`} title={language}>
                {words.term(lexeme, chunkCount)}
              </li>
            ))}
          </ul>
        </>
      )}
    </Part>
  );
};

const Sent = ({ trace: { prompt, model } }: { readonly trace: AnswerTrace }): ReactElement => (
  <Part title={words.sent}>
    {prompt === null ? (
      <p className={css["hint"]}>{words.noModel}</p>
    ) : (
      <>
        {model === null ? (
          <p>{words.estimated(prompt.estimatedTokens)}</p>
        ) : (
          <p>
            {words.sentTo(model.name, model.nodeId)}:{" "}
            {words.tokens(model.promptTokens, model.cachedPromptTokens, model.completionTokens)}.
          </p>
        )}
        <p>{words.told(prompt.citations)}</p>
        {prompt.written === "" ? null : (
          <figure className={css["written"]}>
            <figcaption className={css["hint"]}>{words.written}</figcaption>
            <blockquote>{prompt.written}</blockquote>
          </figure>
        )}
      </>
    )}
  </Part>
);

const Checked = ({
  trace: { sentences, resets },
}: {
  readonly trace: AnswerTrace;
}): ReactElement => (
  <Part title={words.checked}>
    {resets === 0 ? null : <p className={css["hint"]}>{words.resets(resets)}</p>}
    {sentences.length === 0 ? <p className={css["hint"]}>{words.nothingChecked}</p> : null}
    <ol className={css["sentences"]}>
      {sentences.map(({ text, citations, supported }, at) => (
        <li key={String(at)}>
          <span className={supported ? css["good"] : css["warn"]}>
            {supported ? words.supported : words.unsupported}
          </span>{" "}
          {text} <span className={css["sub"]}>{words.citing(citations)}</span>
        </li>
      ))}
    </ol>
  </Part>
);

const Evidence = ({
  trace: { verdict, notices },
}: {
  readonly trace: AnswerTrace;
}): ReactElement => (
  <Part title={words.evidence}>
    <p>{verdict === null ? words.noEvidence : words.verdicts[verdict]}</p>
    {notices
      .filter(({ message }) => message !== "")
      .map(({ message }) => (
        <p key={message} className={css["hint"]}>
          {message}
        </p>
      ))}
  </Part>
);

const Asked = ({ traced }: { readonly traced: TracedAnswer }): ReactElement => (
  <Part title={words.question}>
    {traced.question === null ? (
      <p className={css["hint"]}>{words.othersQuestion}</p>
    ) : (
      <p className={css["asked"]}>{traced.question}</p>
    )}
    {traced.rating === null ? null : (
      <p>
        {words.rated[traced.rating]}
        {traced.reason === null ? null : <q className={css["reason"]}>{traced.reason}</q>}
      </p>
    )}
  </Part>
);

const Parts = ({ traced }: { readonly traced: TracedAnswer }): ReactElement => {
  const { trace, passages } = traced;
  if (trace === null)
    return (
      <Part title={words.noTrace}>
        <p className={css["hint"]}>{words.noTraceHint}</p>
      </Part>
    );
  return (
    <>
      <Searched trace={trace} />
      {trace.search === null ? null : (
        <Part title={words.scored}>
          <RankingTable label={words.scored} ranking={trace.search.ranking} passages={passages} />
        </Part>
      )}
      <Evidence trace={trace} />
      <Sent trace={trace} />
      <Checked trace={trace} />
    </>
  );
};

interface GoldenStart {
  readonly start: GoldenText;
  readonly collectionId: string | null;
}

function firstQuote({ trace, passages }: TracedAnswer) {
  const [quote] = trace?.verdict === "answerable" ? trace.quotes : [];
  const source = trace?.sources.find(({ citation }) => citation === quote?.citation);
  const cited = passages.find(({ chunkId }) => chunkId === source?.chunkId);
  return quote === undefined || cited === undefined ? null : { quote, cited };
}

/** What was quoted first is the right place as far as the answer knows; a refusal knows none. */
async function goldenFrom(traced: TracedAnswer, question: string): Promise<GoldenStart> {
  const first = firstQuote(traced);
  if (first === null)
    return { start: { question, fileName: null, passage: "" }, collectionId: null };
  const { quote, cited } = first;
  const { documents } = await api.documents().catch(() => ({ documents: [] }));
  const document = documents.find(({ id }) => id === cited.documentId);
  const passage = cited.text.slice(
    Math.max(0, quote.charStart - cited.charStart),
    quote.charEnd - cited.charStart,
  );
  const { collectionId } = cited;
  return { start: { question, fileName: document?.fileName ?? "", passage }, collectionId };
}

const load = (answerId: string) => qualityApi.trace(answerId);

/** What was searched, scored, cut, sent and checked for one answer. */
export const TracePage = ({ answerId }: { readonly answerId: string }): ReactElement => {
  const { value, failure, refresh } = useRead(answerId, load);
  const [golden, setGolden] = useState<GoldenStart | null>(null);
  const question = value?.question ?? null;
  return (
    <QualityFrame
      title={words.title}
      says={value === null ? "" : sayTrace(value)}
      tools={
        value === null || question === null ? undefined : (
          <>
            <Link className={css["buttonLink"]} href={`/admin/quality/search?answer=${answerId}`}>
              {words.tryIt}
            </Link>
            <Button onClick={() => void goldenFrom(value, question).then(setGolden)}>
              {words.makeGolden}
            </Button>
          </>
        )
      }
    >
      {failure === null ? null : (
        <NotRead what={words.notRead} failure={failure} onRetry={refresh} />
      )}
      {value === null ? null : (
        <>
          <Asked traced={value} />
          <Parts traced={value} />
        </>
      )}
      {golden === null ? null : (
        <GoldenDialog
          {...golden}
          answerId={answerId}
          onClose={() => {
            setGolden(null);
          }}
          onSaved={refresh}
        />
      )}
    </QualityFrame>
  );
};
