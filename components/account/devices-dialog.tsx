"use client";

import type { ReactElement } from "react";

import { Dialog } from "#components/ui/dialog.tsx";

import { DeviceList } from "./device-list.tsx";
import css from "./devices-dialog.module.css";
import { words } from "./words.ts";

/** The person's devices, from wherever they are. */
export const DevicesDialog = ({ onClose }: { readonly onClose: () => void }): ReactElement => (
  <Dialog title={words.devicesTitle} onClose={onClose} wide>
    <p className={css["text"]}>{words.devicesText}</p>
    <DeviceList />
  </Dialog>
);
