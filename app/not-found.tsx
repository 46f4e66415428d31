import Link from "next/link";
import type { ReactElement } from "react";

import { AccountFrame } from "#components/account/account-frame.tsx";

export default function NotFound(): ReactElement {
  return (
    <AccountFrame>
      <h1>This page does not exist</h1>
      <p>The address may be mistyped, or what it pointed to is gone.</p>
      <p>
        <Link href="/">Go to the chat</Link>
      </p>
    </AccountFrame>
  );
}
