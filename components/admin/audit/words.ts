/** Every sentence of the audit page. */
export const words = {
  title: "Audit",
  says: "Every sign-in and every change by an admin, newest first. Rows are added and never changed, not even by Drover.",
  notRead: "The audit log could not be read.",
  columns: { when: "When", who: "Who", action: "What", target: "On what", address: "From where" },
  nobody: "Nobody",
  area: "What",
  all: "Everything",
  text: "Who, on what, or from where",
  from: "From",
  to: "To",
  exportCsv: "CSV",
  exportJson: "JSON",
  exportMenu: "Export",
  more: "Show older",
  empty: "Nothing fits these filters.",
  detail: "Detail",
} as const;

/** Areas of actions (`area.verb`), as the filter calls them. */
export const areas: readonly (readonly [string, string])[] = [
  ["session", "Sign-ins"],
  ["password", "Passwords"],
  ["person", "People"],
  ["invitation", "Invitations"],
  ["group", "Groups"],
  ["collection", "Collections"],
  ["document", "Documents"],
  ["source", "Followed folders and pages"],
  ["demo", "Demo documents"],
  ["conversation", "Shared chats and attachments"],
  ["answer", "Traces looked into"],
  ["quality", "Questions to mend"],
  ["golden", "Golden questions"],
  ["cache", "Cache"],
  ["setting", "Settings"],
  ["node", "Nodes"],
  ["model", "Models"],
  ["job", "Queue"],
  ["workspace", "Workspace"],
  ["audit", "Audit log"],
];

/** `role: admin, suspended: false`; lists and what is nested as JSON. */
export const sayDetail = (detail: Readonly<Record<string, unknown>>): string =>
  Object.entries(detail)
    .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
