import { onOff } from "./setting-kinds.ts";

/** Who may come in. */
export const accountsSettings = {
  admitNewPeople: onOff({
    label: "Accounts for everyone at the identity provider",
    hint: "Off: only people with an account or an invitation to their address may sign in through it. It matters only where an identity provider is configured.",
    fallback: false,
  }),
};
