import type { Metadata } from "next";
import type { ReactElement } from "react";

import { JoinForm } from "#components/account/join-form.tsx";

export const metadata: Metadata = { title: "Join" };

export default function Join(): ReactElement {
  return <JoinForm />;
}
