import { generalPrompt, phraserPrompt, tinyPrompt } from "./prompt.ts";
import { noInstructions } from "../chat/answer-instructions.ts";

const passage = { citation: 1, title: "t", text: "p" };
const limits = { prefillPerSecond: 1000, windowTokens: 4096 };
const asked = { question: "q", essentials: [passage], passages: [passage], history: [] };

/** Everything that models are told, filled with a letter a place: it changes with every word of a prompt, and nobody has to remember to. */
export const promptsInUse: string = JSON.stringify([
  tinyPrompt("q", ["e"]),
  phraserPrompt(asked, limits),
  generalPrompt("q", noInstructions),
]);
