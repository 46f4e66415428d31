"use client";

import {
  useId,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
} from "react";

import { classNames } from "./class-names.ts";
import { Icon, type IconName } from "./icon.tsx";
import css from "./menu.module.css";
import { placePopover } from "./place-popover.ts";

export interface MenuItem {
  readonly label: string;
  readonly icon: IconName;
  readonly run: () => void;
  readonly dangerous?: boolean;
}

interface TriggerProps {
  readonly popoverTarget: string;
  readonly "aria-haspopup": "menu";
}

const steps: Readonly<Record<string, (index: number, count: number) => number>> = {
  ArrowDown: (index, count) => (index + 1) % count,
  ArrowUp: (index, count) => (index - 1 + count) % count,
  Home: () => 0,
  End: (_index, count) => count - 1,
};

const moveFocus = (event: KeyboardEvent<HTMLElement>): void => {
  const step = steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  const index = items.indexOf(document.activeElement as HTMLElement);
  items[step(index, items.length)]?.focus();
};

/** A menu behind a button. `trigger` renders the button with the properties it is given. */
export const Menu = ({
  label,
  items,
  align = "end",
  trigger,
}: {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly align?: "start" | "end";
  readonly trigger: (props: TriggerProps) => ReactNode;
}): ReactElement => {
  const id = useId();
  const ref = useRef<HTMLDivElement>(null);
  // A list of chats has hundreds of menus, of which few are ever opened.
  const [wasOpened, setWasOpened] = useState(false);
  return (
    <>
      {trigger({ popoverTarget: id, "aria-haspopup": "menu" })}
      <div
        ref={ref}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className={css["popover"]}
        onKeyDown={moveFocus}
        onBeforeToggle={() => {
          setWasOpened(true);
        }}
        onToggle={(event) => {
          if (event.newState !== "open" || ref.current === null) return;
          const anchor = document.querySelector<HTMLElement>(`[popovertarget="${CSS.escape(id)}"]`);
          if (anchor !== null) placePopover(ref.current, anchor, align);
          ref.current
            .querySelector<HTMLElement>('[role="menuitem"]')
            ?.focus({ preventScroll: true });
        }}
      >
        {(wasOpened ? items : []).map((item) => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            className={classNames(css["item"], item.dangerous === true && css["dangerous"])}
            onClick={() => {
              ref.current?.hidePopover();
              item.run();
            }}
          >
            <Icon name={item.icon} size={16} />
            {item.label}
          </button>
        ))}
      </div>
    </>
  );
};
