import { number, onOff } from "./setting-kinds.ts";

/** What is remembered of answers so that their quality can be looked into. */
export const qualitySettings = {
  traceDays: number({
    label: "Days that traces of answers are kept",
    hint: "A trace holds what was searched, scored, sent and checked. It goes with its chat in any case. 0 keeps none.",
    from: 0,
    to: 365,
    unit: "days",
    fallback: 30,
  }),
  refusalsShown: onOff({
    label: "Admins see questions that were not answered",
    hint: "Without the name of who asked, and never from chats with attached files. Questions that people rate are shown in any case.",
    fallback: true,
  }),
};
