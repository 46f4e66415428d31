/** Sentences of formatted answers. */
export const words = {
  code: "Code",
  copyCode: "Copy code",
  copied: "Copied",
  copyFailed: "Copying was refused by the browser",
  table: "Table",
  task: "Task",
  diagram: "Diagram",
  drawing: "Drawing the diagram",
  notDrawn: "This diagram could not be drawn. This is its text.",
  showText: "Show its text",
  showDiagram: "Show the diagram",
} as const;
