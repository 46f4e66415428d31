import { number, onOff } from "./setting-kinds.ts";

/** Which answers may be given again. Off never changes an answer, only how long it takes. */
export const cacheSettings = {
  answers: onOff({
    label: "Give kept answers again",
    hint: "A kept answer is given only while its passages stand unchanged and the person may read them.",
    fallback: true,
  }),
  similar: onOff({
    label: "Also for other wordings",
    hint: "Questions in other words get the kept answer when both are proven to ask the same.",
    fallback: true,
  }),
  prewarm: onOff({
    label: "Answer ahead of time",
    hint: "While nobody waits, Drover answers listed and popular questions, so that they are at hand. It gives way at once.",
    fallback: true,
  }),
  prewarmQuestions: number({
    label: "Questions answered ahead of time",
    hint: "Listed ones first, then those that people ask most, then some made from the documents.",
    from: 0,
    to: 500,
    unit: "questions",
    fallback: 15,
  }),
};
