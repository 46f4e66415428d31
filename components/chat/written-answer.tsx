"use client";

import { useState, type ReactElement } from "react";

import { createMarkdownReader } from "#components/markdown/parse-markdown.ts";

import { WrittenBlocks, type Part } from "./written-blocks.tsx";
import { markedText } from "./written-text.ts";

/** What a model writes, read anew with each piece that comes. */
export const WrittenAnswer = (part: Part): ReactElement | null => {
  const [read] = useState(createMarkdownReader);
  const text = markedText(part.snapshot);
  return <WrittenBlocks {...part} blocks={text.trim() === "" ? [] : read(text)} />;
};
