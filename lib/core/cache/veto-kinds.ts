/** Every guard, in the order in which they are asked. */
export const vetoKinds = [
  "number",
  "unit",
  "identifier",
  "quoted",
  "name",
  "negation",
  "comparative",
  "question-type",
  "time",
  "word",
  "order",
] as const;

/** Why an answer to one question may not be served for another, whatever their similarity. */
export type VetoKind = (typeof vetoKinds)[number];
