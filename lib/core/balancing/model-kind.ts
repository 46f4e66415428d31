/** Said by nodes of Drover's own of a model that scores pairs of texts; Ollama has no route for it. */
const rerank = "rerank";

export const scoresPairs = (capabilities: readonly string[]): boolean =>
  capabilities.includes(rerank);

/** What never writes a text is loaded and given slots as an embedder is. A model that says nothing of itself chats. */
export const neverChats = (capabilities: readonly string[]): boolean =>
  capabilities.includes("embedding") || scoresPairs(capabilities);
