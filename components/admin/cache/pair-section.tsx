import { useState, type ReactElement } from "react";

import { Failed } from "#components/account/failed.tsx";
import { useSubmit } from "#components/account/use-submit.ts";

import table from "#components/admin/table.module.css";
import { cacheApi } from "#components/api/cache-endpoints.ts";
import type { PairReport } from "#components/api/cache-shapes.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";

import css from "./cache-page.module.css";
import { sayCosine, words } from "./words.ts";

const says = words.pair;

function whyOf({ isSameText, decision }: PairReport): string {
  if (isSameText) return says.by.text;
  if (decision.kind === "same") return says.by[decision.by];
  return decision.reason === "form" ? says.by.unmeasured : says.by[decision.reason];
}

const Verdict = ({ pair }: { readonly pair: PairReport }): ReactElement => {
  const isSame = pair.isSameText || pair.decision.kind === "same";
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
        {pair.forms.map((form, place) => (
          <div key={String(place)} style={{ display: "contents" }}>
            <dt>
              {says.form} {place + 1}
            </dt>
            <dd>{form ?? says.noForm}</dd>
          </div>
        ))}
        {pair.vetoes.map(({ kind, detail }, place) => (
          <div key={`${kind} ${String(place)}`} style={{ display: "contents" }}>
            <dt>
              {says.guards}: {kind}
            </dt>
            <dd>{detail}</dd>
          </div>
        ))}
      </dl>
      {pair.vetoes.length === 0 ? <p className={css["hint"]}>{says.noVeto}</p> : null}
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
