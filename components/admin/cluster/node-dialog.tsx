"use client";

import { useState, type ComponentProps, type ReactElement } from "react";

import type { NodeSnapshot } from "#lib/core/health/cluster-snapshot.ts";
import { Failed } from "#components/account/failed.tsx";
import { useSubmit } from "#components/account/use-submit.ts";
import { clusterApi } from "#components/api/cluster-endpoints.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogFoot } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { showToast } from "#components/ui/toast.tsx";

import css from "./cluster-page.module.css";
import { words } from "./words.ts";

type FieldAttributes = ComponentProps<typeof Field>;
type FieldName = "id" | "baseUrl" | "slots" | "weight";

const { fields } = words;
const inputs: readonly { readonly name: FieldName; readonly attributes: FieldAttributes }[] = [
  {
    name: "id",
    attributes: { label: fields.id, hint: fields.idHint, pattern: "[\\w.:\\-]{1,64}" },
  },
  {
    name: "baseUrl",
    attributes: { label: fields.baseUrl, hint: fields.baseUrlHint, type: "url" },
  },
  {
    name: "slots",
    attributes: { label: fields.slots, hint: fields.slotsHint, type: "number", min: 1, max: 64 },
  },
  {
    name: "weight",
    attributes: {
      label: fields.weight,
      hint: fields.weightHint,
      type: "number",
      min: 0.01,
      max: 1000,
      step: "any",
    },
  },
];

type Values = Readonly<Record<FieldName, string>>;

const valuesOf = (node: NodeSnapshot | null): Values => ({
  id: node?.id ?? "",
  baseUrl: node?.baseUrl ?? "",
  slots: String(node?.slots.configured ?? 1),
  weight: String(node?.weight ?? 1),
});

const write = (isNew: boolean, { id, baseUrl, slots, weight }: Values): Promise<null> => {
  const change = { baseUrl, slots: Number(slots), weight: Number(weight) };
  return isNew ? clusterApi.addNode({ id, ...change }) : clusterApi.editNode(id, change);
};

/** Adds a node, or changes one: what runs there goes on. */
export const NodeDialog = ({
  node,
  onClose,
}: {
  readonly node: NodeSnapshot | null;
  readonly onClose: () => void;
}): ReactElement => {
  const [values, setValues] = useState(() => valuesOf(node));
  const { busy, failure, run } = useSubmit();
  const isNew = node === null;
  const save = async (): Promise<void> => {
    if (!(await run(() => write(isNew, values)))) return;
    showToast(isNew ? words.added(values.id) : words.saved(values.id));
    onClose();
  };
  return (
    <Dialog title={isNew ? words.addNode : words.editTitle(values.id)} onClose={onClose}>
      <form
        className={css["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Failed failure={failure} />
        {inputs
          .filter(({ name }) => isNew || name !== "id")
          .map(({ name, attributes }) => (
            <Field
              {...attributes}
              key={name}
              required
              value={values[name]}
              onChange={(event) => {
                setValues((before) => ({ ...before, [name]: event.target.value }));
              }}
            />
          ))}
        <DialogFoot>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button look="primary" type="submit" disabled={busy}>
            {isNew ? words.add : words.save}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
};
