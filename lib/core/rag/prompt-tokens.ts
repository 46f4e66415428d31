// English prose has 4 to 5 characters a token; 3.5 keeps the estimate above the truth for most texts.
const charsPerToken = 3.5;

/** Tokens of a text, guessed from its length; rather too many than too few. */
export const estimatedTokens = (text: string): number => Math.ceil(text.length / charsPerToken);
