"use client";

import { useId, type ReactElement } from "react";

import type { TriedSettings } from "#components/api/quality-shapes.ts";
import { Button } from "#components/ui/button.tsx";
import { searchLanguages } from "#lib/core/rag/search-languages.ts";
import { neighbourChars } from "#lib/core/rag/neighbour-text.ts";
import { retrievalSettings } from "#lib/core/rag/rank-candidates.ts";

import { CollectionSelect } from "./collection-select.tsx";
import css from "./quality.module.css";
import found from "./search.module.css";
import { searchWords as words } from "./words.ts";

export interface SearchInput {
  readonly text: string;
  readonly previousQuestion: string;
  /** Empty: every collection. */
  readonly collectionId: string;
  readonly tried: TriedSettings;
}

/** As answers are searched for now. */
export const inForce: TriedSettings = {
  ...retrievalSettings,
  limit: 8,
  neighbourChars,
  language: null,
};

export const isInForce = (settings: TriedSettings): boolean =>
  Object.entries(inForce).every(([name, value]) => settings[name as keyof TriedSettings] === value);

const sliders = [
  {
    name: "vectorShare",
    from: 0,
    to: 1,
    step: 0.05,
    show: (value: number) => `${String(Math.round(value * 100))} %`,
  },
  { name: "lexicalCandidates", from: 0, to: 500, step: 10, show: String },
  { name: "vectorCandidates", from: 0, to: 500, step: 10, show: String },
  { name: "limit", from: 1, to: 20, step: 1, show: String },
  { name: "neighbourChars", from: 0, to: 2000, step: 100, show: String },
] as const;

const Slider = ({
  slider: { name, from, to, step, show },
  value,
  onChange,
}: {
  readonly slider: (typeof sliders)[number];
  readonly value: number;
  readonly onChange: (value: number) => void;
}): ReactElement => {
  const id = useId();
  return (
    <div className={found["slider"]}>
      <label htmlFor={id}>{words[name]}</label>
      <output htmlFor={id}>{show(value)}</output>
      <input
        id={id}
        type="range"
        min={from}
        max={to}
        step={step}
        value={value}
        aria-valuetext={show(value)}
        onChange={({ target }) => {
          onChange(target.valueAsNumber);
        }}
      />
    </div>
  );
};

const Parameters = ({
  tried,
  onChange,
}: {
  readonly tried: TriedSettings;
  readonly onChange: (tried: TriedSettings) => void;
}): ReactElement => {
  const id = useId();
  return (
    <fieldset className={found["parameters"]}>
      <legend>{words.parameters}</legend>
      {sliders.map((slider) => (
        <Slider
          key={slider.name}
          slider={slider}
          value={tried[slider.name]}
          onChange={(value) => {
            onChange({ ...tried, [slider.name]: value });
          }}
        />
      ))}
      <div className={found["slider"]}>
        <label htmlFor={id}>{words.language}</label>
        <select
          id={id}
          className={css["input"]}
          value={tried.language ?? ""}
          onChange={({ target }) => {
            onChange({ ...tried, language: target.value === "" ? null : target.value });
          }}
        >
          <option value="">{words.anyLanguage}</option>
          {searchLanguages.map((language) => (
            <option key={language}>{language}</option>
          ))}
        </select>
      </div>
      <Button
        look="quiet"
        disabled={isInForce(tried)}
        onClick={() => {
          onChange(inForce);
        }}
      >
        {words.reset}
      </Button>
    </fieldset>
  );
};

/** What is asked, where, and with which parameters. */
export const SearchForm = ({
  input,
  onChange,
}: {
  readonly input: SearchInput;
  readonly onChange: (input: SearchInput) => void;
}): ReactElement => {
  const id = useId();
  return (
    <div className={found["searchForm"]} role="search">
      <div className={css["form"]}>
        <label className={css["label"]} htmlFor={id}>
          {words.question}
        </label>
        <textarea
          id={id}
          className={css["input"]}
          rows={2}
          maxLength={8000}
          value={input.text}
          onChange={({ target }) => {
            onChange({ ...input, text: target.value });
          }}
        />
        <CollectionSelect
          label={words.collection}
          everywhere={words.everywhere}
          value={input.collectionId}
          onChange={(collectionId) => {
            onChange({ ...input, collectionId });
          }}
        />
        <label className={css["label"]} htmlFor={`${id}-previous`}>
          {words.previous}
        </label>
        <input
          id={`${id}-previous`}
          className={css["input"]}
          maxLength={8000}
          aria-describedby={`${id}-previous-hint`}
          value={input.previousQuestion}
          onChange={({ target }) => {
            onChange({ ...input, previousQuestion: target.value });
          }}
        />
        <p id={`${id}-previous-hint`} className={css["hint"]}>
          {words.previousHint}
        </p>
      </div>
      <Parameters
        tried={input.tried}
        onChange={(tried) => {
          onChange({ ...input, tried });
        }}
      />
    </div>
  );
};
