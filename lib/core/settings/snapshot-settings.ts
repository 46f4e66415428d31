import { number } from "./setting-kinds.ts";

/** Copies of the embedded database that Drover makes by itself. */
export const snapshotSettings = {
  everyHours: number({
    label: "Hours between snapshots",
    hint: "How often the embedded database is copied to the folder snapshots, while everyone goes on working. 0: never. A Postgres of your own is backed up by its own means.",
    from: 0,
    to: 720,
    unit: "hours",
    fallback: 24,
  }),
  keep: number({
    label: "Snapshots kept",
    hint: "Older ones are removed. Each takes as much disk as the database.",
    from: 1,
    to: 100,
    unit: "snapshots",
    fallback: 2,
  }),
};
