export const answersWords = {
  item: "How it answers…",
  title: (name: string) => `How ${name} answers`,
  legend: "When the documents hold no answer",
  strict: "Say so, and show what came near",
  open: "Let the model answer from what it knows, marked as unchecked",
  refusalLabel: "What people read then (optional)",
  refusalHint: "For example whom to ask. Drover has words of its own.",
  style: "Length of answers",
  styles: {
    short: "Short: one or two sentences",
    balanced: "Balanced: a few sentences",
    thorough: "Thorough: as many sentences as it takes",
  },
  language: "Language of answers",
  ofQuestion: "The language of the question",
  languageHint:
    "Sentences in another language than the documents cannot be checked against them and are marked so.",
  prompt: "What the model is told besides (optional)",
  promptHint:
    "Tone, form and words to use, for models that can follow instructions. Drover’s own rules stand above it: answers rest on the documents and cite them.",
  save: "Save",
  cancel: "Cancel",
} as const;
