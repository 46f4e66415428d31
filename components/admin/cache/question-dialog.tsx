import { useState, type ReactElement } from "react";

import { Failed } from "#components/account/failed.tsx";
import { useSubmit } from "#components/account/use-submit.ts";

import { cacheApi } from "#components/api/cache-endpoints.ts";
import type { ListedQuestion, Passage } from "#components/api/cache-shapes.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogFoot } from "#components/ui/dialog.tsx";
import { Field, TextField } from "#components/ui/field.tsx";
import { showToast } from "#components/ui/toast.tsx";

import css from "./cache-page.module.css";
import { report } from "./cache-store.ts";
import { words } from "./words.ts";

const says = words.editor;

const Passages = ({
  passages,
  chosen,
  onChange,
}: {
  readonly passages: readonly Passage[];
  readonly chosen: readonly string[];
  readonly onChange: (chunkIds: readonly string[]) => void;
}): ReactElement => (
  <fieldset className={css["choices"]}>
    <legend>{says.passages}</legend>
    <p className={css["hint"]}>{passages.length === 0 ? says.noPassages : says.passagesHint}</p>
    {passages.map(({ chunkId, documentTitle, page, text }) => (
      <label key={chunkId} className={css["choice"]}>
        <input
          type="checkbox"
          checked={chosen.includes(chunkId)}
          onChange={({ target }) => {
            const others = chosen.filter((id) => id !== chunkId);
            onChange(target.checked ? [...others, chunkId] : others);
          }}
        />
        <div>
          {text.slice(0, 280)}
          <span>{page === null ? documentTitle : `${documentTitle}, page ${String(page)}`}</span>
        </div>
      </label>
    ))}
  </fieldset>
);

/** What is typed, the passages found for it, and saving both. */
const useEditor = (listed: ListedQuestion | null, onClose: () => void) => {
  const [question, setQuestion] = useState(listed?.question ?? "");
  const [answer, setAnswer] = useState(listed?.answer ?? "");
  const [passages, setPassages] = useState<readonly Passage[] | null>(null);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const { busy, failure, run } = useSubmit("stays");
  const isOwn = answer.trim() !== "";
  const find = (): Promise<boolean> =>
    run(async () => {
      setPassages((await cacheApi.passagesFor(question.trim())).passages);
      setChosen([]);
    });
  const save = async (): Promise<void> => {
    const curated = isOwn ? { answer: answer.trim(), chunkIds: chosen } : null;
    if (!(await run(() => cacheApi.listQuestion(question.trim(), curated)))) return;
    showToast(says.saved);
    await report.refresh();
    onClose();
  };
  const mayFind = !busy && question.trim() !== "";
  const maySave = mayFind && (!isOwn || chosen.length > 0);
  return {
    ...{ question, setQuestion, answer, setAnswer, passages, chosen, setChosen },
    ...{ failure, isOwn, find, save, mayFind, maySave },
  };
};

/** Lists a question, or gives it an answer in the admin's words. */
export const QuestionDialog = ({
  listed,
  onClose,
}: {
  readonly listed: ListedQuestion | null;
  readonly onClose: () => void;
}): ReactElement => {
  const editor = useEditor(listed, onClose);
  const { question, answer, passages, chosen, isOwn, maySave } = editor;
  return (
    <Dialog title={says.title} onClose={onClose} wide>
      <form
        className={css["stack"]}
        onSubmit={(event) => {
          event.preventDefault();
          void editor.save();
        }}
      >
        <Failed failure={editor.failure} />
        <Field
          label={says.question}
          value={question}
          maxLength={1000}
          required
          onChange={({ target }) => {
            editor.setQuestion(target.value);
          }}
        />
        <TextField
          label={says.own}
          hint={says.ownHint}
          value={answer}
          rows={4}
          maxLength={8000}
          onChange={({ target }) => {
            editor.setAnswer(target.value);
          }}
        />
        {isOwn ? (
          <Button disabled={!editor.mayFind} onClick={() => void editor.find()}>
            {says.find}
          </Button>
        ) : null}
        {isOwn && passages !== null ? (
          <Passages passages={passages} chosen={chosen} onChange={editor.setChosen} />
        ) : null}
        {isOwn && chosen.length === 0 ? <p className={css["hint"]}>{says.needsPassages}</p> : null}
        <DialogFoot>
          <Button onClick={onClose}>{says.cancel}</Button>
          <Button look="primary" type="submit" disabled={!maySave}>
            {says.save}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
};
