import { number } from "./setting-kinds.ts";

/** Room for documents. */
export const documentSettings = {
  largestFileMegabytes: number({
    label: "Largest file",
    hint: "A larger upload is refused before it is stored.",
    from: 1,
    to: 500,
    unit: "MB",
    fallback: 50,
  }),
  personMegabytes: number({
    label: "Room for each person",
    hint: "All files that one person has added, in all collections.",
    from: 1,
    to: 10_000_000,
    unit: "MB",
    fallback: 10_000,
  }),
  workspaceMegabytes: number({
    label: "Room for the workspace",
    hint: "All files together.",
    from: 1,
    to: 10_000_000,
    unit: "MB",
    fallback: 100_000,
  }),
};
