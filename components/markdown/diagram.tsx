"use client";

import { useEffect, useState, useSyncExternalStore, type ReactElement } from "react";

import { Button } from "#components/ui/button.tsx";

import css from "./code-block.module.css";
import type { Drawing } from "./draw-diagram.ts";
import { words } from "./words.ts";

type Drawn =
  | { readonly kind: "drawing" }
  | { readonly kind: "drawn"; readonly drawing: Drawing }
  | { readonly kind: "failed" };

const darkQuery = "(prefers-color-scheme: dark)";

const isDark = (): boolean => {
  const chosen = document.documentElement.dataset["theme"];
  return chosen === undefined ? window.matchMedia(darkQuery).matches : chosen === "dark";
};

const watchTheme = (listener: () => void): (() => void) => {
  const query = window.matchMedia(darkQuery);
  const watcher = new MutationObserver(listener);
  watcher.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  query.addEventListener("change", listener);
  return () => {
    watcher.disconnect();
    query.removeEventListener("change", listener);
  };
};

const useDrawing = (text: string, closed: boolean): Drawn => {
  const dark = useSyncExternalStore(watchTheme, isDark, () => false);
  const [drawn, setDrawn] = useState<Drawn>({ kind: "drawing" });
  useEffect(() => {
    if (!closed) return undefined;
    let current = true;
    void import("./draw-diagram.ts")
      .then(({ drawDiagram }) => drawDiagram(text, dark))
      .catch(() => null)
      .then((drawing) => {
        if (current) setDrawn(drawing === null ? { kind: "failed" } : { kind: "drawn", drawing });
      });
    return () => {
      current = false;
    };
  }, [text, closed, dark]);
  return drawn;
};

const source = (svg: string): string =>
  `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;

/** A diagram in a place whose height is known from its first line on: text first, the drawing when it is there. */
export const Diagram = ({
  text,
  closed,
}: {
  readonly text: string;
  readonly closed: boolean;
}): ReactElement => {
  const drawn = useDrawing(text, closed);
  const [asText, setAsText] = useState(false);
  const showsText = drawn.kind !== "drawn" || asText;
  return (
    <figure className={css["block"]} dir="ltr">
      <figcaption className={css["head"]}>
        <span>{drawn.kind === "failed" ? words.notDrawn : words.diagram}</span>
        {drawn.kind === "drawn" ? (
          <Button
            look="quiet"
            className={css["switch"]}
            onClick={() => {
              setAsText((was) => !was);
            }}
          >
            {asText ? words.showDiagram : words.showText}
          </Button>
        ) : null}
      </figcaption>
      {showsText ? (
        <pre className={css["diagramText"]} tabIndex={0} aria-label={words.diagram}>
          <code>{text}</code>
        </pre>
      ) : (
        <div className={css["drawing"]}>
          {/* eslint-disable-next-line @next/next/no-img-element -- drawn on this page: there is nothing to optimise */}
          <img src={source(drawn.drawing.svg)} alt={`${words.diagram}: ${text}`} />
        </div>
      )}
    </figure>
  );
};
