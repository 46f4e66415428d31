"use client";

import type { ReactElement } from "react";

import { IconButton } from "#components/ui/button.tsx";

import css from "./find-bar.module.css";
import { mostPlaces } from "./find-places.ts";
import { words } from "./words.ts";

/** A field to search the open document with, and the way through what it found. */
export const FindBar = ({
  wanted,
  index,
  count,
  onWanted,
  onStep,
}: {
  readonly wanted: string;
  readonly index: number;
  readonly count: number;
  readonly onWanted: (wanted: string) => void;
  readonly onStep: (step: 1 | -1) => void;
}): ReactElement => (
  <form
    role="search"
    className={css["bar"]}
    onSubmit={(event) => {
      event.preventDefault();
      onStep(1);
    }}
  >
    <input
      type="search"
      value={wanted}
      placeholder={words.find}
      aria-label={words.find}
      onChange={(event) => {
        onWanted(event.target.value);
      }}
    />
    {wanted.trim() === "" ? null : (
      <>
        <output className={css["count"]}>
          {count === mostPlaces ? words.findMany(index, count) : words.found(index, count)}
        </output>
        <IconButton
          icon="chevronLeft"
          label={words.findPrevious}
          disabled={count === 0}
          onClick={() => {
            onStep(-1);
          }}
        />
        <IconButton
          icon="chevronRight"
          label={words.findNext}
          disabled={count === 0}
          type="submit"
        />
      </>
    )}
  </form>
);
