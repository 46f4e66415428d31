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
  ["setting", "Settings"],
  ["node", "Nodes"],
  ["workspace", "Workspace"],
  ["audit", "Audit log"],
];
