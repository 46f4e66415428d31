"use client";

import { useId, type ReactElement } from "react";

import { useRefreshed } from "#components/api/resource.ts";
import type { Collection } from "#components/api/shapes.ts";
import { collections } from "#components/shell/conversations.ts";
import { useStore } from "#components/ui/store.ts";

import css from "./quality.module.css";

/** Every collection of the workspace; empty while they are being read. */
export const useCollections = (): readonly Collection[] => {
  useRefreshed(collections);
  return useStore(collections, (state) => state.value) ?? [];
};

export const CollectionSelect = ({
  label,
  value,
  everywhere,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  /** Offered first, as the empty value. */
  readonly everywhere?: string;
  readonly onChange: (collectionId: string) => void;
}): ReactElement => {
  const id = useId();
  return (
    <div className={css["field"]}>
      <label className={css["label"]} htmlFor={id}>
        {label}
      </label>
      <select
        id={id}
        className={css["input"]}
        value={value}
        onChange={({ target }) => {
          onChange(target.value);
        }}
      >
        {everywhere === undefined ? null : <option value="">{everywhere}</option>}
        {useCollections().map(({ id: collectionId, name }) => (
          <option key={collectionId} value={collectionId}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
};
