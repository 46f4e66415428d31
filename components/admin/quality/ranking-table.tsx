"use client";

import { useState, type ReactElement } from "react";

import type { RankedPlace } from "#lib/core/rag/ranked-place.ts";
import type { Passage } from "#components/api/quality-shapes.ts";
import { Button } from "#components/ui/button.tsx";
import { openViewer } from "#components/viewer/viewer-state.ts";

import css from "./quality.module.css";
import found from "./search.module.css";
import { searchWords as words } from "./words.ts";

const shownFirst = 10;
const excerptChars = 180;

const open = (passage: Passage): void => {
  const { chunkId: key, documentId, versionId, collectionName, page } = passage;
  const stop = { key, documentId, versionId, collectionName, page, title: passage.documentTitle };
  const range = { start: passage.charStart, end: passage.charEnd };
  openViewer([{ ...stop, citation: null, passage: range, quote: null }], 0);
};

const whereOf = ({ headingPath, page, collectionName }: Passage): string =>
  [...headingPath.slice(-1), page === null ? "" : `page ${String(page)}`, collectionName]
    .filter((part) => part !== "")
    .join(" · ");

const excerptOf = (text: string): string => {
  const line = text.replaceAll(/\s+/gu, " ").trim();
  return line.length > excerptChars ? `${line.slice(0, excerptChars)}…` : line;
};

const Hidden = (): ReactElement => <span className={css["sub"]}>{words.hidden}</span>;

const Found = ({ passage }: { readonly passage: Passage }): ReactElement => (
  <>
    <button
      type="button"
      className={css["link"]}
      title={words.open(passage.documentTitle)}
      onClick={() => {
        open(passage);
      }}
    >
      {passage.documentTitle}
    </button>{" "}
    <span className={css["sub"]}>{whereOf(passage)}</span>
    {passage.flags.length === 0 ? null : <span className={css["warn"]}>{words.flagged}</span>}
    <span className={found["excerpt"]}>{excerptOf(passage.text)}</span>
  </>
);

const Leg = ({
  label,
  rank,
  score,
}: {
  readonly label: string;
  readonly rank: number | null;
  readonly score: string;
}): ReactElement => (
  <td className={found["leg"]} data-label={label}>
    {rank === null ? (
      words.rank(null)
    ) : (
      <>
        {words.rank(rank)} <span className={css["sub"]}>{score}</span>
      </>
    )}
  </td>
);

const Row = ({
  place,
  at,
  passage,
  moved,
}: {
  readonly place: RankedPlace;
  readonly at: number;
  readonly passage: Passage | undefined;
  readonly moved: string | null;
}): ReactElement => (
  <tr data-outcome={place.outcome}>
    <td className={found["place"]}>
      {at + 1}
      {moved === null ? null : <span className={found["moved"]}>{moved}</span>}
    </td>
    <th scope="row">{passage === undefined ? <Hidden /> : <Found passage={passage} />}</th>
    <Leg
      label={words.columns.words}
      rank={place.lexicalRank}
      score={place.lexicalScore.toFixed(1)}
    />
    <Leg
      label={words.columns.meaning}
      rank={place.vectorRank}
      score={place.cosine === null ? "" : place.cosine.toFixed(2)}
    />
    <td className={found["leg"]} data-label={words.columns.score}>
      {place.score.toFixed(2)}
      {place.outcome === "shown" ? null : (
        <span className={css["sub"]}> {words.outcomes[place.outcome]}</span>
      )}
    </td>
  </tr>
);

/** Candidates in the fused order, with the rank and score that each leg gave them. */
export const RankingTable = ({
  label,
  ranking,
  passages,
  before,
}: {
  readonly label: string;
  readonly ranking: readonly RankedPlace[];
  readonly passages: readonly Passage[];
  /** The order to compare with: how far each has moved since. */
  readonly before?: readonly RankedPlace[];
}): ReactElement => {
  const [all, setAll] = useState(false);
  const byId = new Map(passages.map((passage) => [passage.chunkId, passage]));
  const earlier = new Map(before?.map(({ chunkId }, at) => [chunkId, at]));
  const movedOf = ({ chunkId }: RankedPlace, at: number): string | null => {
    if (before === undefined) return null;
    const old = earlier.get(chunkId);
    return old === undefined ? words.isNew : words.moved(old - at);
  };
  const shown = all ? ranking : ranking.slice(0, shownFirst);
  if (ranking.length === 0) return <p className={css["hint"]}>{words.nothing}</p>;
  return (
    <div className={css["rankingBox"]}>
      <table className={found["ranking"]} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{words.columns.place}</th>
            <th scope="col">{words.columns.passage}</th>
            <th scope="col">{words.columns.words}</th>
            <th scope="col">{words.columns.meaning}</th>
            <th scope="col">{words.columns.score}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((place, at) => (
            <Row
              key={place.chunkId}
              {...{ place, at }}
              passage={byId.get(place.chunkId)}
              moved={movedOf(place, at)}
            />
          ))}
        </tbody>
      </table>
      {ranking.length > shown.length ? (
        <Button
          look="quiet"
          onClick={() => {
            setAll(true);
          }}
        >
          {words.more(ranking.length)}
        </Button>
      ) : null}
    </div>
  );
};
