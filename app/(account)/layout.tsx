import type { ReactElement, ReactNode } from "react";

import { AccountFrame } from "#components/account/account-frame.tsx";

export default function AccountLayout({
  children,
}: {
  readonly children: ReactNode;
}): ReactElement {
  return <AccountFrame>{children}</AccountFrame>;
}
