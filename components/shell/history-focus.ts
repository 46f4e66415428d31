/** A chat that leaves the list hands the focus to the one after it, else to the one before, else to what stands above the list. */
export const focusNeighbour = (conversationId: string): void => {
  const links = [...document.querySelectorAll<HTMLElement>("[data-chat-link]")].filter((link) =>
    link.checkVisibility(),
  );
  const at = links.findIndex((link) => link.dataset["chatLink"] === conversationId);
  const above = links[at]?.closest("nav")?.querySelector<HTMLElement>("button") ?? null;
  (links[at + 1] ?? links[at - 1] ?? above)?.focus();
};
