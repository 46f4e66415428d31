export type SmallTalk = "greeting" | "thanks" | "about";

const greeting =
  /^(?:hi|hello|hey|hallo|good (?:morning|afternoon|evening|day)|greetings|howdy|yo|moin|servus)(?: there| all| everyone| drover)?$/;
const thanks =
  /^(?:thanks|thank you|thx|cheers|great|ok|okay|cool|nice|perfect|bye|goodbye|good night)(?: very much| a lot| so much| you)?$/;
const about =
  /^(?:(?:hi|hello|hey) )?(?:who|what) are you$|^what (?:can|could|do) (?:you|i) (?:do|ask|answer|know)(?: here| you)?$|^how (?:do|can) (?:you|i) (?:work|help|use (?:this|you|drover))(?: me)?$|^how are you(?: doing| today)?$|^can you help(?: me)?$|^help(?: me)?$|^what is (?:this|drover)$|^(?:test|testing)$/;

/** Words that ask nothing of the documents; `null` for everything else. */
export function smallTalkOf(question: string): SmallTalk | null {
  const words = question
    .toLowerCase()
    .replace(/what's/g, "what is")
    .replace(/[^\p{L}\s]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  if (greeting.test(words)) return "greeting";
  if (thanks.test(words)) return "thanks";
  return about.test(words) || words === "" ? "about" : null;
}

/** Drover's own words, never a model's. */
export function smallTalkReply(kind: SmallTalk): string {
  const ask =
    "Ask a question about your documents: I quote the sentences that answer it and show where they stand.";
  switch (kind) {
    case "greeting":
      return `Hello. ${ask}`;
    case "thanks":
      return "You are welcome. Ask the next question whenever you like.";
    case "about":
      return `I am Drover and answer from the documents that you may read. ${ask} For example: what does a word mean here, when did something happen, how much is something.`;
    default:
      return kind satisfies never;
  }
}
