import type { Metadata } from "next";
import type { ReactElement } from "react";

import { ResetForm } from "#components/account/reset-form.tsx";

export const metadata: Metadata = { title: "New password" };

export default function Reset(): ReactElement {
  return <ResetForm />;
}
