"use client";

import { useId, useState, type ReactElement } from "react";

import { Failed } from "#components/account/failed.tsx";
import { useSubmit } from "#components/account/use-submit.ts";
import { qualityApi } from "#components/api/quality-endpoints.ts";
import type { ImportedGolden } from "#components/api/quality-shapes.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogFoot } from "#components/ui/dialog.tsx";

import css from "./quality.module.css";
import { goldenWords as words, words as shared } from "./words.ts";

const Done = ({ imported }: { readonly imported: ImportedGolden }): ReactElement => (
  <div role="status">
    <p>{words.imported(imported.added, imported.known)}</p>
    {imported.faultCount === 0 ? null : (
      <>
        <p>{words.importFaults(imported.faultCount)}</p>
        <ul className={css["faults"]}>
          {imported.faults.map((fault) => (
            <li key={fault}>{fault}</li>
          ))}
        </ul>
      </>
    )}
  </div>
);

/** Takes golden questions from a file and says what came of each line. */
export const GoldenImport = ({
  collectionId,
  onClose,
  onImported,
}: {
  readonly collectionId: string;
  readonly onClose: () => void;
  readonly onImported: () => void;
}): ReactElement => {
  const id = useId();
  const [file, setFile] = useState<File | null>(null);
  const [imported, setImported] = useState<ImportedGolden | null>(null);
  const { busy, failure, run } = useSubmit();
  const send = async (chosen: File): Promise<void> => {
    const format = /\.(?:jsonl|ndjson|json)$/iu.test(chosen.name) ? "jsonl" : "csv";
    setImported(await qualityApi.importGolden(collectionId, format, await chosen.text()));
    onImported();
  };
  return (
    <Dialog title={words.importTitle} onClose={onClose}>
      <form
        className={css["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (file !== null) void run(() => send(file));
        }}
      >
        <Failed failure={failure} />
        <p className={css["hint"]}>{words.importHint}</p>
        {imported === null ? (
          <>
            <label className={css["label"]} htmlFor={id}>
              {words.importFile}
            </label>
            <input
              id={id}
              type="file"
              accept=".csv,.jsonl,.ndjson,.json,.tsv,text/csv"
              required
              onChange={({ target }) => {
                setFile(target.files?.[0] ?? null);
              }}
            />
          </>
        ) : (
          <Done imported={imported} />
        )}
        <DialogFoot>
          <Button onClick={onClose}>{imported === null ? shared.cancel : shared.close}</Button>
          {imported === null ? (
            <Button look="primary" type="submit" disabled={busy || file === null}>
              {words.import}
            </Button>
          ) : null}
        </DialogFoot>
      </form>
    </Dialog>
  );
};
