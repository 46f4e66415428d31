"use client";

import { useRouter } from "next/navigation";
import { useState, type ReactElement } from "react";

import { api } from "#components/api/endpoints.ts";
import { failureOf } from "#components/api/failure.ts";
import { forgetDrafts } from "#components/chat/drafts.ts";
import { KeysDialog } from "#components/shell/keys-dialog.tsx";
import { useSession } from "#components/shell/session.tsx";
import { words } from "#components/shell/words.ts";
import { applyTheme, type Theme } from "#components/ui/cookie-preference.ts";
import type { IconName } from "#components/ui/icon.tsx";
import { Menu } from "#components/ui/menu.tsx";
import { showToast } from "#components/ui/toast.tsx";

import css from "./account-menu.module.css";
import { DevicesDialog } from "./devices-dialog.tsx";

const signOut = async (): Promise<void> => {
  try {
    await api.signOut();
    forgetDrafts();
    window.location.assign("/sign-in");
  } catch (error) {
    showToast(failureOf(error).message);
  }
};

const themes: readonly {
  readonly theme: Theme;
  readonly label: string;
  readonly icon: IconName;
}[] = [
  { theme: "light", label: words.themeLight, icon: "sun" },
  { theme: "dark", label: words.themeDark, icon: "moon" },
  { theme: "system", label: words.themeSystem, icon: "screen" },
];

const initials = (name: string): string =>
  name
    .split(/\s+/u)
    .slice(0, 2)
    .map((part) => Array.from(part)[0]?.toUpperCase() ?? "")
    .join("");

/** The person, the look, the keys and the way out. */
export const AccountMenu = (): ReactElement => {
  const { user } = useSession();
  const router = useRouter();
  const [open, setOpen] = useState<"devices" | "keys" | null>(null);
  const close = (): void => {
    setOpen(null);
  };
  return (
    <>
      <Menu
        label={words.account}
        align="start"
        items={[
          ...themes.map(({ theme, label, icon }) => ({
            label,
            icon,
            run: () => {
              applyTheme(theme);
            },
          })),
          {
            label: words.yourAccount,
            icon: "person",
            run: () => {
              router.push("/account");
            },
          },
          {
            label: words.keys,
            icon: "keyboard",
            run: () => {
              setOpen("keys");
            },
          },
          {
            label: words.devices,
            icon: "devices",
            run: () => {
              setOpen("devices");
            },
          },
          { label: words.signOut, icon: "signOut", run: () => void signOut() },
        ]}
        trigger={(props) => (
          <button {...props} type="button" className={css["trigger"]}>
            <span className={css["initials"]} aria-hidden="true">
              {initials(user.name)}
            </span>
            <span className={css["who"]}>
              <span className={css["name"]}>{user.name}</span>
              <span className={css["email"]}>{user.email}</span>
            </span>
          </button>
        )}
      />
      {open === "devices" ? <DevicesDialog onClose={close} /> : null}
      {open === "keys" ? <KeysDialog onClose={close} /> : null}
    </>
  );
};
