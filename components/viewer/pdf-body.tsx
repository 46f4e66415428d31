"use client";

import { useEffect, useMemo, useReducer, useRef, useState, type ReactElement } from "react";

import { originalPath } from "#components/api/endpoints.ts";
import type { DocumentText } from "#components/api/shapes.ts";
import { Notice } from "#components/ui/notice.tsx";

import type { TextRange } from "./document-blocks.ts";
import css from "./pdf-body.module.css";
import { openPdf, type OpenPdf } from "./pdf-library.ts";
import { PdfPage, type PageMark } from "./pdf-page.tsx";
import { words } from "./words.ts";

interface Opened {
  readonly pdf: OpenPdf | null;
  readonly failed: boolean;
}

const useOpenPdf = (documentId: string): Opened => {
  const [opened, setOpened] = useReducer((_old: Opened, next: Opened) => next, {
    pdf: null,
    failed: false,
  });
  useEffect(() => {
    const leave = new AbortController();
    openPdf(originalPath(documentId), leave.signal)
      .then((pdf) => {
        if (!leave.signal.aborted) setOpened({ pdf, failed: false });
      })
      .catch(() => {
        if (!leave.signal.aborted) setOpened({ pdf: null, failed: true });
      });
    return () => {
      leave.abort();
    };
  }, [documentId]);
  return opened;
};

/** Width of an element in whole pixels; 0 until it is measured. */
const useWidth = () => {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const watcher = new ResizeObserver(([entry]) => {
      setWidth(Math.floor(entry?.contentRect.width ?? 0));
    });
    watcher.observe(element);
    return () => {
      watcher.disconnect();
    };
  }, []);
  return { ref, width };
};

const pageAt = (pages: DocumentText["pages"], at: number): number => {
  const next = pages.findIndex(([start]) => start > at);
  return next === -1 ? Math.max(1, pages.length) : Math.max(1, next);
};

const usePageMarks = (document: DocumentText, passage: TextRange | null, quote: TextRange | null) =>
  useMemo(() => {
    const marks = new Map<number, PageMark[]>();
    for (const [kind, range] of [
      ["passage", passage],
      ["quote", quote],
    ] as const) {
      if (range === null) continue;
      const last = pageAt(document.pages, Math.max(range.start, range.end - 1));
      for (let page = pageAt(document.pages, range.start); page <= last; page += 1)
        marks.set(page, [
          ...(marks.get(page) ?? []),
          { kind, text: document.text.slice(range.start, range.end) },
        ]);
    }
    return marks;
  }, [document, passage, quote]);

const noMarks: readonly PageMark[] = [];
/** A4 until a page says otherwise. */
const usualRatio = Math.SQRT2;

/** A PDF as its pages are, scrolled to what is cited. */
export const PdfBody = ({
  document,
  passage,
  quote,
}: {
  readonly document: DocumentText;
  readonly passage: TextRange | null;
  readonly quote: TextRange | null;
}): ReactElement => {
  const { pdf, failed } = useOpenPdf(document.documentId);
  const { ref, width } = useWidth();
  const marks = usePageMarks(document, passage, quote);
  const focus = quote ?? passage;
  const target = focus === null ? null : pageAt(document.pages, focus.start);
  return (
    <div ref={ref} className={css["body"]}>
      {failed ? <Notice tone="bad">{words.pagesFailed}</Notice> : null}
      {pdf === null && !failed ? (
        <p className={css["loading"]} role="status">
          {words.loading}…
        </p>
      ) : null}
      {pdf === null || width === 0
        ? null
        : Array.from({ length: pdf.document.numPages }, (_, index) => (
            <PdfPage
              key={index}
              pdf={pdf}
              number={index + 1}
              width={width}
              ratio={usualRatio}
              marks={marks.get(index + 1) ?? noMarks}
              isTarget={target === index + 1}
            />
          ))}
    </div>
  );
};
