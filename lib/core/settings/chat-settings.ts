import { number } from "./setting-kinds.ts";

/** What one person may ask of the cluster at a time. */
export const chatSettings = {
  answersAtOnce: number({
    label: "Answers at the same time, per person",
    hint: "More than this wait in the person's own line.",
    from: 1,
    to: 20,
    unit: "answers",
    fallback: 2,
  }),
  keepDays: number({
    label: "Days that chats are kept",
    hint: "Chats without a new question for this long are deleted, with their attached files. Pinned ones stay. 0 keeps all.",
    from: 0,
    to: 3650,
    unit: "days",
    fallback: 0,
  }),
  answersWaiting: number({
    label: "Waiting questions, per person",
    hint: "A question beyond these is refused with the time to wait.",
    from: 0,
    to: 50,
    unit: "questions",
    fallback: 5,
  }),
};
