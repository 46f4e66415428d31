"use client";

import { useEffect, useRef, useState, type ReactElement, type RefObject } from "react";

import type { PDFPageProxy } from "pdfjs-dist";

import css from "./pdf-body.module.css";
import { boxOf, findOnPage, type Box, type PageItem } from "./pdf-highlight.ts";
import type { OpenPdf } from "./pdf-library.ts";
import { words } from "./words.ts";

export interface PageMark {
  readonly kind: "passage" | "quote";
  /** Text of the document as it was read. */
  readonly text: string;
}

interface Drawn {
  readonly marks: readonly (Box & { readonly kind: PageMark["kind"] })[];
}

/** Sharp on every screen, but never more than 16 million pixels a page. */
const pixelsFor = (width: number, height: number): number =>
  Math.min(window.devicePixelRatio || 1, Math.sqrt(16_000_000 / (width * height)));

async function draw(
  { library }: OpenPdf,
  page: PDFPageProxy,
  frame: { readonly canvas: HTMLCanvasElement; readonly text: HTMLDivElement },
  width: number,
  marks: readonly PageMark[],
  signal: AbortSignal,
): Promise<Drawn> {
  const viewport = page.getViewport({ scale: width / page.getViewport({ scale: 1 }).width });
  const pixels = pixelsFor(viewport.width, viewport.height);
  const { canvas } = frame;
  canvas.width = Math.floor(viewport.width * pixels);
  canvas.height = Math.floor(viewport.height * pixels);
  const task = page.render({ canvas, viewport, transform: [pixels, 0, 0, pixels, 0, 0] });
  signal.addEventListener("abort", () => {
    task.cancel();
  });
  // As the reader of documents has it: else Arabic ligatures come apart in the wrong order.
  const content = await page.getTextContent({ disableNormalization: true });
  const layer = new library.TextLayer({
    textContentSource: content,
    container: frame.text,
    viewport,
  });
  await Promise.all([task.promise, layer.render()]);
  const items = content.items.filter((item): item is typeof item & PageItem => "str" in item);
  const boxes = marks.flatMap(({ kind, text }) =>
    findOnPage(items, text).flatMap((range) => {
      const item = items[range.item];
      return item === undefined ? [] : [{ kind, ...boxOf(item, range, viewport.transform) }];
    }),
  );
  return { marks: boxes };
}

/** True from the moment the element first comes near the view. */
const useNear = (ref: RefObject<HTMLElement | null>, atOnce: boolean): boolean => {
  const [isNear, setNear] = useState(atOnce);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setNear(true);
      },
      { rootMargin: "800px 0px" },
    );
    watcher.observe(element);
    return () => {
      watcher.disconnect();
    };
  }, [ref]);
  return isNear || atOnce;
};

interface PdfPageProps {
  readonly pdf: OpenPdf;
  readonly number: number;
  readonly width: number;
  /** Height by width, as far as it is known. */
  readonly ratio: number;
  readonly marks: readonly PageMark[];
  readonly isTarget: boolean;
}

const useDrawn = ({ pdf, number, width, marks }: PdfPageProps, isNear: boolean) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const [ownRatio, setRatio] = useState<number | null>(null);
  useEffect(() => {
    if (!isNear || width === 0) return undefined;
    const leave = new AbortController();
    const run = async (): Promise<void> => {
      const page = await pdf.document.getPage(number);
      leave.signal.throwIfAborted();
      const size = page.getViewport({ scale: 1 });
      setRatio(size.height / size.width);
      if (canvas.current === null || text.current === null) return;
      text.current.replaceChildren();
      const parts = { canvas: canvas.current, text: text.current };
      const result = await draw(pdf, page, parts, width, marks, leave.signal);
      leave.signal.throwIfAborted();
      setDrawn(result);
    };
    // A page that cannot be drawn stays white; its text is one touch away.
    run().catch(() => undefined);
    return () => {
      leave.abort();
    };
  }, [isNear, pdf, number, width, marks]);
  return { canvas, text, drawn, ownRatio };
};

const MarkBox = ({ mark }: { readonly mark: Drawn["marks"][number] }): ReactElement => (
  <div
    data-mark={mark.kind}
    className={css[mark.kind]}
    style={{
      left: `${String(mark.left)}px`,
      top: `${String(mark.top)}px`,
      width: `${String(mark.width)}px`,
      height: `${String(mark.height)}px`,
      transform: `rotate(${String(mark.angle)}rad)`,
    }}
  />
);

/** One page, drawn once it comes near the view, with what is cited marked on it. */
export const PdfPage = (props: PdfPageProps): ReactElement => {
  const { number, width, ratio, isTarget } = props;
  const frame = useRef<HTMLDivElement>(null);
  const isNear = useNear(frame, isTarget);
  const { canvas, text, drawn, ownRatio } = useDrawn(props, isNear);
  useEffect(() => {
    if (!isTarget) return;
    const marks = frame.current?.querySelector('[data-mark="quote"], [data-mark]') ?? null;
    if (marks === null) frame.current?.scrollIntoView({ block: "start" });
    else marks.scrollIntoView({ block: "center" });
  }, [isTarget, drawn]);
  const height = Math.round(width * (ownRatio ?? ratio));
  return (
    <div
      ref={frame}
      className={css["page"]}
      role="group"
      aria-label={words.page(number)}
      style={{ blockSize: `${String(height)}px` }}
    >
      <canvas ref={canvas} className={css["canvas"]} aria-hidden="true" />
      {(drawn?.marks ?? []).map((mark, index) => (
        <MarkBox key={index} mark={mark} />
      ))}
      <div ref={text} className={css["text"]} />
    </div>
  );
};
