/** Every sentence of the source viewer. */
export const words = {
  region: "Source",
  close: "Close the source",
  previous: "Previous citation",
  next: "Next citation",
  position: (index: number, count: number) => `Citation ${String(index + 1)} of ${String(count)}`,
  table: "Table",
  page: (page: number) => `Page ${String(page)}`,
  loading: "Opening the document",
  retry: "Try again",
  notLoaded:
    "What shows documents could not be loaded. Check the connection and try again; after an update of Drover, reload the page.",
  earlier: "This is the text as the answer read it. The document has a newer version since.",
  gone: "This passage belongs to a version of the document that is no longer kept, or you may no longer read it.",
  original: "Download the original",
  highlighted: "The cited passage",
  pagesFailed: "The pages could not be drawn. The text of the document is under Text.",
  asPages: "Pages",
  asText: "Text",
  viewAs: "How to show it",
  find: "Search in this document",
  found: (index: number, count: number) =>
    count === 0 ? "Not found" : `${String(index + 1)} of ${String(count)}`,
  findNext: "Next place",
  findPrevious: "Previous place",
  findMany: (index: number, most: number) => `${String(index + 1)} of ${String(most)} and more`,
  empty: "No text was found in this document.",
} as const;
