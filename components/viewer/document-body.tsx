"use client";

import {
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type ReactElement,
  type RefObject,
} from "react";

import type { DocumentText } from "#components/api/shapes.ts";
import { classNames } from "#components/ui/class-names.ts";

import css from "./document-body.module.css";
import {
  markPieces,
  splitBlocks,
  windowAround,
  type Block,
  type TextRange,
} from "./document-blocks.ts";
import { ReadTable } from "./read-table.tsx";
import { tableRows } from "./table-rows.ts";
import { words } from "./words.ts";

/** Text shown on each side of the passage at first, and added at an end when it is reached, in UTF-16 units. */
const reach = 12_000;

interface Marked {
  readonly passage: TextRange | null;
  readonly quote: TextRange | null;
}

const BlockText = ({
  text,
  block,
  marked,
}: {
  readonly text: string;
  readonly block: TextRange;
  readonly marked: Marked;
}): ReactElement => (
  <>
    {markPieces(block, marked.passage, marked.quote).map((piece) => {
      const shown = text.slice(piece.start, piece.end);
      return piece.mark === "plain" ? (
        shown
      ) : (
        <mark key={piece.start} data-mark={piece.mark} className={css[piece.mark]}>
          {shown}
        </mark>
      );
    })}
  </>
);

const BlockView = ({
  text,
  block,
  marked,
}: {
  readonly text: string;
  readonly block: Block;
  readonly marked: Marked;
}): ReactElement => {
  const content = <BlockText text={text} block={block} marked={marked} />;
  const rows = block.heading === null ? tableRows(text, block) : null;
  return (
    <>
      {block.page === null ? null : (
        <div className={css["page"]}>
          <span>{words.page(block.page)}</span>
        </div>
      )}
      {rows !== null ? (
        <ReadTable
          text={text}
          rows={rows}
          cell={(range) => <BlockText text={text} block={range} marked={marked} />}
        />
      ) : block.heading === null ? (
        <p className={css["paragraph"]} dir="auto">
          {content}
        </p>
      ) : (
        // The viewer's own title is level 2; a document starts below it.
        <div
          dir="auto"
          role="heading"
          aria-level={Math.min(6, block.heading + 2)}
          className={classNames(css["heading"], block.heading <= 2 && css["major"])}
        >
          {content}
        </div>
      )}
    </>
  );
};

const useGrowing = (
  scroller: RefObject<HTMLElement | null>,
  grow: (end: "before" | "after") => void,
): RefObject<HTMLDivElement | null> => {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const ends = frame.current?.querySelectorAll<HTMLElement>("[data-end]");
    if (ends === undefined) return undefined;
    const watcher = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          if (!entry.isIntersecting) continue;
          grow((entry.target as HTMLElement).dataset["end"] === "before" ? "before" : "after");
        }
      },
      { root: scroller.current, rootMargin: "600px 0px" },
    );
    for (const end of ends) watcher.observe(end);
    return () => {
      watcher.disconnect();
    };
  });
  return frame;
};

/** The text of a document, scrolled to what is marked. Only the part around it is on the page; more comes as one scrolls. */
export const DocumentBody = ({
  document,
  marked,
  scroller,
}: {
  readonly document: DocumentText;
  readonly marked: Marked;
  readonly scroller: RefObject<HTMLElement | null>;
}): ReactElement => {
  const blocks = useMemo(() => splitBlocks(document), [document]);
  const focus = marked.quote ?? marked.passage;
  const [shown, setShown] = useState(() => windowAround(blocks, focus, reach));
  const frame = useGrowing(scroller, (end) => {
    setShown((old) =>
      end === "before"
        ? { ...old, first: windowAround(blocks, rangeOf(blocks, old), reach).first }
        : { ...old, last: windowAround(blocks, rangeOf(blocks, old), reach).last },
    );
  });
  useLayoutEffect(() => {
    const target =
      frame.current?.querySelector('[data-mark="quote"]') ??
      frame.current?.querySelector("[data-mark]");
    target?.scrollIntoView({ block: "center" });
    // Only once for a passage: growing must not scroll back.
  }, [frame]);
  if (blocks.length === 0) return <p className={css["empty"]}>{words.empty}</p>;
  return (
    <div ref={frame} className={css["body"]}>
      {shown.first > 0 ? <div data-end="before" /> : null}
      {blocks.slice(shown.first, shown.last + 1).map((block) => (
        <BlockView key={block.start} text={document.text} block={block} marked={marked} />
      ))}
      {shown.last < blocks.length - 1 ? <div data-end="after" /> : null}
    </div>
  );
};

const rangeOf = (
  blocks: readonly Block[],
  shown: { readonly first: number; readonly last: number },
): TextRange => ({
  start: blocks[shown.first]?.start ?? 0,
  end: blocks[shown.last]?.end ?? 0,
});
