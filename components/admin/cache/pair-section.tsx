import { useState, type ReactElement } from "react";

import { Failed } from "#components/account/failed.tsx";
import { useSubmit } from "#components/account/use-submit.ts";

import table from "#components/ui/table.module.css";
import { cacheApi } from "#components/api/cache-endpoints.ts";
import type { PairReport } from "#components/api/cache-shapes.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";

import css from "./cache-page.module.css";
import { vetoKinds } from "#lib/core/cache/veto-kinds.ts";
import { sayCosine, words } from "./words.ts";

const says = words.pair;

/** What guards leave open, an installed and calibrated cross-encoder may prove. */
const isScoredSame = ({ isOpenToScore, score, scoreLimit }: PairReport): boolean =>
  isOpenToScore && score !== null && scoreLimit !== null && score >= scoreLimit;

function whyOf(pair: PairReport): string {
  const { isSameText, decision } = pair;
  if (isSameText) return says.by.text;
  if (decision.kind === "same") return says.by[decision.by];
  if (isScoredSame(pair)) return says.by.scorer;
  const { unmeasured, disagreeing } = says.by;
  const reasons = {
    form: unmeasured,
    evidence: disagreeing,
    veto: says.by.veto,
    similarity: says.by.similarity,
  };
  return reasons[decision.reason];
}

const Guards = ({ vetoes }: Pick<PairReport, "vetoes">): ReactElement => {
  const columns = says.guardsColumns;
  return (
    <table className={table["table"]} aria-label={says.guardsTitle}>
      <thead>
        <tr>
          <th scope="col">{columns.guard}</th>
          <th scope="col">{columns.verdict}</th>
          <th scope="col">{columns.differs}</th>
        </tr>
      </thead>
      <tbody>
        {vetoKinds.map((kind) => {
          const found = vetoes.filter((veto) => veto.kind === kind);
          return (
            <tr key={kind} data-objects={found.length > 0}>
              <th scope="row">{says.guards[kind]}</th>
              <td data-label={columns.verdict}>
                {found.length > 0 ? <b>{says.objects}</b> : says.silent}
              </td>
              <td data-label={columns.differs}>{found.map(({ detail }) => detail).join("; ")}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
};

const Verdict = ({ pair }: { readonly pair: PairReport }): ReactElement => {
  const isSame = pair.isSameText || pair.decision.kind === "same" || isScoredSame(pair);
  return (
    <div aria-live="polite">
      <p>
        <b>{isSame ? says.same : says.different}.</b> {whyOf(pair)}
      </p>
      <dl className={css["reasons"]}>
        <dt>{says.similarity}</dt>
        <dd>
          {sayCosine(pair.cosine)}
          {pair.wordsLimit === null ? "" : ` / ${sayCosine(pair.wordsLimit)}`}
        </dd>
        {pair.score === null ? null : (
          <>
            <dt>{says.score}</dt>
            <dd>
              {sayCosine(pair.score)}
              {pair.scoreLimit === null ? "" : ` / ${sayCosine(pair.scoreLimit)}`}
            </dd>
          </>
        )}
        {pair.forms.map((form, place) => (
          <div key={String(place)} style={{ display: "contents" }}>
            <dt>
              {says.form} {place + 1}
            </dt>
            <dd>{form ?? says.noForm}</dd>
          </div>
        ))}
        <dt>{says.nearLabel}</dt>
        <dd>{pair.isNearForm ? says.near.true : says.near.false}</dd>
      </dl>
      <Guards vetoes={pair.vetoes} />
    </div>
  );
};

/** Two wordings, and what every guard says of them. */
export const PairSection = (): ReactElement => {
  const [one, setOne] = useState("");
  const [other, setOther] = useState("");
  const [pair, setPair] = useState<PairReport | null>(null);
  const { busy, failure, run } = useSubmit("stays");
  const test = (): Promise<boolean> =>
    run(async () => {
      setPair(await cacheApi.comparePair(one.trim(), other.trim()));
    });
  return (
    <section className={table["section"]} aria-label={says.title}>
      <div className={table["sectionHead"]}>
        <h2>{says.title}</h2>
      </div>
      <p className={css["hint"]}>{says.hint}</p>
      <form
        className={css["pair"]}
        onSubmit={(event) => {
          event.preventDefault();
          void test();
        }}
      >
        <Failed failure={failure} />
        <Field
          label={says.one}
          value={one}
          maxLength={1000}
          onChange={({ target }) => {
            setOne(target.value);
          }}
        />
        <Field
          label={says.other}
          value={other}
          maxLength={1000}
          onChange={({ target }) => {
            setOther(target.value);
          }}
        />
        <div>
          <Button type="submit" disabled={busy || one.trim() === "" || other.trim() === ""}>
            {says.test}
          </Button>
        </div>
        {pair === null ? null : <Verdict pair={pair} />}
      </form>
    </section>
  );
};
