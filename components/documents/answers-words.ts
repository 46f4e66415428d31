export const answersWords = {
  item: "When there is no answer…",
  title: (name: string) => `When ${name} holds no answer`,
  legend: "What Drover does",
  strict: "Say so, and show what came near",
  open: "Let the model answer from what it knows, marked as unchecked",
  refusalLabel: "What people read then (optional)",
  refusalHint: "For example whom to ask. Drover has words of its own.",
  save: "Save",
  cancel: "Cancel",
} as const;
