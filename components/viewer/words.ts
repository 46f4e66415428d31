/** Every sentence of the source viewer. */
export const words = {
  region: "Source",
  close: "Close the source",
  previous: "Previous citation",
  next: "Next citation",
  position: (index: number, count: number) => `Citation ${String(index + 1)} of ${String(count)}`,
  page: (page: number) => `Page ${String(page)}`,
  loading: "Opening the document",
  retry: "Try again",
  gone: "This passage belongs to a version of the document that is no longer kept, or you may no longer read it.",
  original: "Download the original",
  highlighted: "The cited passage",
  empty: "No text was found in this document.",
} as const;
