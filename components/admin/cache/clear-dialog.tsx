import { useState, type ReactElement } from "react";

import { Failed } from "#components/account/failed.tsx";
import { useSubmit } from "#components/account/use-submit.ts";
import { cacheApi } from "#components/api/cache-endpoints.ts";
import { useRefreshed } from "#components/api/resource.ts";
import { collections } from "#components/shell/conversations.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogFoot } from "#components/ui/dialog.tsx";
import { ChoiceField } from "#components/ui/field.tsx";
import { useStore } from "#components/ui/store.ts";
import { showToast } from "#components/ui/toast.tsx";

import css from "./cache-page.module.css";
import { report } from "./cache-store.ts";
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
  useRefreshed(collections);
  const { value, failure: unread } = useStore(collections, (state) => state);
  const all = value ?? [];
  const [picked, setPicked] = useState<string | null>(null);
  const { busy, failure, run } = useSubmit("stays");
  const chosen = picked ?? all[0]?.id ?? "";
  const name = all.find(({ id }) => id === chosen)?.name ?? "";
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
        <Failed failure={failure ?? unread} />
        <p>{says.clearHint}</p>
        <ChoiceField
          label={says.clearWhich}
          value={chosen}
          onChange={({ target }) => {
            setPicked(target.value);
          }}
        >
          {all.map((one) => (
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
