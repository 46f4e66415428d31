import { useEffect, useState, type ReactElement } from "react";

import { Failed } from "#components/account/failed.tsx";
import { cacheApi } from "#components/api/cache-endpoints.ts";
import type { CacheEntry, CacheEntryDetail } from "#components/api/cache-shapes.ts";
import { failureOf, type Failure } from "#components/api/failure.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogFoot } from "#components/ui/dialog.tsx";

import css from "./cache-page.module.css";
import { sayCosine, words } from "./words.ts";

const says = words.detail;

const Detail = ({ entry }: { readonly entry: CacheEntryDetail }): ReactElement => {
  const { answer, aliases, generations } = entry;
  const readable = aliases.filter(({ question }) => question !== null);
  const sourceOf = (citation: number) => answer.sources.find((one) => one.citation === citation);
  return (
    <div className={css["detail"]}>
      <h3>{says.evidence}</h3>
      {answer.quotes.map(({ citation, text, charStart }) => (
        <blockquote key={`${String(citation)} ${String(charStart)}`} className={css["quote"]}>
          {text}
          <cite>{sourceOf(citation)?.documentTitle}</cite>
        </blockquote>
      ))}
      {answer.sentences.length === 0 ? null : (
        <>
          <h3>{says.text}</h3>
          <p>{answer.sentences.map(({ text }) => text).join(" ")}</p>
        </>
      )}
      <h3>{says.wordings}</h3>
      {aliases.length === 0 ? <p className={css["hint"]}>{says.noWordings}</p> : null}
      <ul>
        {readable.map(({ question, cosine }) => (
          <li key={question}>
            {question}
            {cosine === null ? "" : ` (${sayCosine(cosine)})`}
          </li>
        ))}
      </ul>
      {readable.length === aliases.length ? null : (
        <p className={css["hint"]}>{says.ownWordings(aliases.length - readable.length)}</p>
      )}
      <h3>{says.generations}</h3>
      <dl className={css["reasons"]}>
        {generations.map(({ collectionName, made, now }, place) => (
          <div key={String(place)} style={{ display: "contents" }}>
            <dt>{collectionName}</dt>
            <dd>{says.made(made, now)}</dd>
          </div>
        ))}
      </dl>
      <p className={css["hint"]}>{says.cost(entry.costMs, entry.costTokens)}</p>
    </div>
  );
};

/** One kept answer: question, wordings, evidence and generations. */
export const EntryDialog = ({
  entry,
  onRemove,
  onClose,
}: {
  readonly entry: CacheEntry;
  readonly onRemove: () => void;
  readonly onClose: () => void;
}): ReactElement => {
  const [detail, setDetail] = useState<CacheEntryDetail | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    cacheApi.cacheEntry(entry.id).then(
      (read) => {
        setDetail(read.entry);
      },
      (error: unknown) => {
        setFailure(failureOf(error));
      },
    );
  }, [entry.id]);
  return (
    <Dialog title={entry.question ?? words.entries.ownWords} onClose={onClose} wide>
      {entry.question === null ? <p className={css["hint"]}>{says.ownWordsHint}</p> : null}
      <Failed failure={failure} />
      {detail === null ? null : <Detail entry={detail} />}
      <DialogFoot>
        <Button look="danger" onClick={onRemove}>
          {words.entries.remove}
        </Button>
      </DialogFoot>
    </Dialog>
  );
};
