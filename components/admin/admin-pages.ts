import type { IconName } from "#components/ui/icon.tsx";

export interface AdminPageLink {
  readonly href: string;
  readonly label: string;
  readonly icon: IconName;
  /** `everyone`: the page shows each person what is theirs. */
  readonly for: "admins" | "everyone";
}

/** The pages below app/admin in the order of the navigation: a new page is one line here. The order is cluster, documents, queue, cache, quality, capacity, users, settings, audit. */
export const adminPages: readonly AdminPageLink[] = [
  { href: "/admin", label: "Cluster", icon: "screen", for: "admins" },
  { href: "/admin/documents", label: "Documents", icon: "document", for: "everyone" },
  { href: "/admin/flagged", label: "Flagged passages", icon: "warning", for: "admins" },
  { href: "/admin/queue", label: "Queue", icon: "queue", for: "admins" },
  { href: "/admin/cache", label: "Cache", icon: "copy", for: "admins" },
  { href: "/admin/quality", label: "Quality", icon: "check", for: "admins" },
  { href: "/admin/users", label: "Users", icon: "person", for: "admins" },
  { href: "/admin/settings", label: "Settings", icon: "sliders", for: "admins" },
  { href: "/admin/audit", label: "Audit", icon: "books", for: "admins" },
];

/** Pages within one of them, in the order of its own navigation; one without a label is reached by links alone. */
export const adminSubPages: readonly (Pick<AdminPageLink, "href" | "for"> & {
  readonly label: string | null;
})[] = [
  { href: "/admin/quality/golden", label: "Golden questions", for: "admins" },
  { href: "/admin/quality/search", label: "Try a search", for: "admins" },
  { href: "/admin/quality/traces/[id]", label: null, for: "admins" },
];
