/** Headings that every document has and nobody asks about. */
const generic =
  /^(?:contents|table of contents|index|references|bibliography|acknowledge?ments?|abstract|summary|introduction|conclusions?|appendix.*|annex.*|notes?|figures?|tables?|overview|background|about|home|page \d.*|description|findings)$/i;

const longestHeading = 70;

/** The heading without its number and final punctuation; `null` when it names nothing to ask about. */
export function askableHeading(heading: string): string | null {
  const plain = heading
    .replace(/^(?:(?:section|chapter|part)\s+)?[\dIVXivx]{1,5}(?:[.\d]{0,12})[.):]?\s+/, "")
    .replace(/[\s:.;,–-]+$/, "")
    .trim();
  if (plain.length > longestHeading || generic.test(plain)) return null;
  const letters = plain.match(/\p{L}/gu)?.length ?? 0;
  return letters >= 4 && letters > plain.length / 2 ? plain : null;
}

/** A question that the part under a heading answers. A heading that is a question already is the best one. */
export function questionFor(documentTitle: string, heading: string): string | null {
  const topic = askableHeading(heading);
  if (topic === null) return null;
  if (topic.endsWith("?")) return topic;
  const capitals = topic === topic.toUpperCase();
  const shown = capitals ? topic.toLowerCase() : topic;
  const isAbout = documentTitle.toLowerCase().includes(topic.toLowerCase());
  return isAbout ? `What is ${shown}?` : `What does “${documentTitle}” say about ${shown}?`;
}
