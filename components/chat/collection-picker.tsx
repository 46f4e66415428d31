"use client";

import { useId, useRef, useState, type ReactElement } from "react";

import type { Collection } from "#components/api/shapes.ts";
import { Icon } from "#components/ui/icon.tsx";
import { placePopover } from "#components/ui/place-popover.ts";
import { useReaderLocale } from "#components/ui/reader-locale.ts";

import css from "./collection-picker.module.css";
import { sayDocuments, words } from "./words.ts";

const sayPicked = (all: readonly Collection[], picked: readonly string[]): string => {
  if (all.length > 1 && picked.length === all.length) return words.allCollections;
  const names = all.filter(({ id }) => picked.includes(id)).map(({ name }) => name);
  const [first] = names;
  if (first === undefined) return words.noCollection;
  return names.length === 1 ? first : `${first} +${String(names.length - 1)}`;
};

interface PickerProps {
  readonly all: readonly Collection[];
  readonly picked: readonly string[];
  /** `null` when the chat has begun. */
  readonly onPick: ((ids: readonly string[]) => void) | null;
}

const Choices = ({ all, picked, onPick }: PickerProps): ReactElement => {
  const locale = useReaderLocale();
  return (
    <>
      <fieldset className={css["choices"]} disabled={onPick === null}>
        <legend>{words.pickerLabel}</legend>
        {all.map((collection) => (
          <label key={collection.id} className={css["choice"]}>
            <input
              type="checkbox"
              checked={picked.includes(collection.id)}
              onChange={(event) => {
                onPick?.(
                  event.target.checked
                    ? [...picked, collection.id]
                    : picked.filter((one) => one !== collection.id),
                );
              }}
            />
            <span className={css["name"]}>{collection.name}</span>
            <span className={css["count"]}>{sayDocuments(collection.documentCount, locale)}</span>
          </label>
        ))}
      </fieldset>
      {onPick === null ? <p className={css["fixed"]}>{words.fixedCollections}</p> : null}
    </>
  );
};

/** Chooses what is searched. A chat keeps what it began with; then it only says so. */
export const CollectionPicker = (props: PickerProps): ReactElement => {
  const id = useId();
  const trigger = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  const [wasOpened, setWasOpened] = useState(false);
  const label = sayPicked(props.all, props.picked);
  const place = (): void => {
    if (popover.current === null || trigger.current === null) return;
    placePopover(popover.current, trigger.current, "start");
    popover.current.querySelector<HTMLElement>("input")?.focus();
  };
  return (
    <>
      <button
        ref={trigger}
        type="button"
        popoverTarget={id}
        className={css["trigger"]}
        aria-label={`${words.pickerLabel}: ${label}`}
      >
        <Icon name="books" size={16} />
        <span>{label}</span>
        <Icon name="chevronDown" size={14} />
      </button>
      <div
        ref={popover}
        id={id}
        popover="auto"
        className={css["popover"]}
        onBeforeToggle={() => {
          setWasOpened(true);
        }}
        onToggle={(event) => {
          if (event.newState === "open") place();
        }}
      >
        {wasOpened ? <Choices {...props} /> : null}
      </div>
    </>
  );
};
