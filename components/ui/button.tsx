import type { ComponentPropsWithRef, ReactElement, ReactNode } from "react";

import css from "./button.module.css";
import { classNames } from "./class-names.ts";
import { Icon, type IconName } from "./icon.tsx";

export type ButtonLook = "primary" | "secondary" | "quiet" | "danger";

interface ButtonProps extends ComponentPropsWithRef<"button"> {
  readonly look?: ButtonLook;
  readonly icon?: IconName;
  readonly children: ReactNode;
}

export const Button = ({
  look = "secondary",
  icon,
  children,
  className,
  type = "button",
  ...rest
}: ButtonProps): ReactElement => (
  <button {...rest} type={type} className={classNames(css["button"], css[look], className)}>
    {icon === undefined ? null : <Icon name={icon} />}
    {children}
  </button>
);

interface IconButtonProps extends Omit<ComponentPropsWithRef<"button">, "children"> {
  readonly icon: IconName;
  /** Read out, and shown on hover. */
  readonly label: string;
  readonly look?: "primary" | "quiet";
  readonly size?: number;
}

export const IconButton = ({
  icon,
  label,
  look = "quiet",
  size,
  className,
  type = "button",
  ...rest
}: IconButtonProps): ReactElement => (
  <button
    {...rest}
    type={type}
    aria-label={label}
    title={label}
    className={classNames(css["button"], css["icon"], css[look], className)}
  >
    <Icon name={icon} {...(size === undefined ? {} : { size })} />
  </button>
);
