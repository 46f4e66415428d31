import { useEffect, useState, type ReactElement } from "react";

import { Failed } from "#components/account/failed.tsx";
import { cacheApi } from "#components/api/cache-endpoints.ts";
import { api } from "#components/api/endpoints.ts";
import type { Collection } from "#components/api/shapes.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogFoot } from "#components/ui/dialog.tsx";
import { ChoiceField } from "#components/ui/field.tsx";
import { showToast } from "#components/ui/toast.tsx";

import css from "./cache-page.module.css";
import { report } from "./cache-store.ts";
import { useCall } from "./use-call.ts";
import { words } from "./words.ts";

const says = words.entries;

/** Removes every kept answer that quotes a collection; the button names it. */
export const ClearDialog = ({
  onCleared,
  onClose,
}: {
  readonly onCleared: () => void;
  readonly onClose: () => void;
}): ReactElement => {
  const [collections, setCollections] = useState<readonly Collection[]>([]);
  const [chosen, setChosen] = useState("");
  const { busy, failure, run } = useCall();
  useEffect(() => {
    void run(async () => {
      const read = await api.collections();
      setCollections(read.collections);
      setChosen(read.collections[0]?.id ?? "");
    });
    // Read once, when it opens.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const name = collections.find(({ id }) => id === chosen)?.name ?? "";
  const clear = async (): Promise<void> => {
    const cleared = await run(async () => {
      const { removed } = await cacheApi.clearCache(chosen);
      showToast(says.cleared(removed));
    });
    if (!cleared) return;
    await report.refresh();
    onCleared();
  };
  return (
    <Dialog title={says.clear} onClose={onClose}>
      <div className={css["stack"]}>
        <Failed failure={failure} />
        <p>{says.clearHint}</p>
        <ChoiceField
          label={says.clearWhich}
          value={chosen}
          onChange={({ target }) => {
            setChosen(target.value);
          }}
        >
          {collections.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </ChoiceField>
        <DialogFoot>
          <Button onClick={onClose}>{words.editor.cancel}</Button>
          <Button look="danger" disabled={busy || chosen === ""} onClick={() => void clear()}>
            {says.clearDo(name)}
          </Button>
        </DialogFoot>
      </div>
    </Dialog>
  );
};
