export * from "./workspaces.ts";
export * from "./accounts.ts";
export * from "./groups.ts";
export * from "./documents.ts";
export * from "./jobs.ts";
export * from "./conversations.ts";
export * from "./settings.ts";
export * from "./cluster.ts";
