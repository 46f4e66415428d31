import type { ReactElement } from "react";

import { AbsentChat } from "#components/chat/absent-chat.tsx";

export default function NotFound(): ReactElement {
  return <AbsentChat />;
}
