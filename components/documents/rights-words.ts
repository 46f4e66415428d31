/** Every sentence of the dialog about a collection's rights. */
export const rightsWords = {
  open: (name: string) => `Who may use ${name}`,
  title: (name: string) => `Who may use ${name}`,
  text: "Each right includes the ones before it. Admins manage every collection.",
  nobody: "Only admins. Add everyone, a group or a person.",
  everyone: "Everyone in the workspace",
  group: "Group",
  rights: { read: "may read", write: "may add documents", manage: "may manage" },
  rightOf: (name: string) => `Right of ${name}`,
  takeFrom: (name: string) => `Take the right from ${name}`,
  add: "Add somebody",
  save: "Save",
  cancel: "Cancel",
  saved: (name: string) => `Saved: who may use ${name}`,
} as const;
