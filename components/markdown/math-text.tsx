"use client";

import { useEffect, useRef, type ReactElement } from "react";

import { classNames } from "#components/ui/class-names.ts";

import css from "./markdown.module.css";

/** A formula as MathML, from a part of the program that is loaded when the first formula is shown; until then its text. */
export const MathText = ({
  tex,
  display,
}: {
  readonly tex: string;
  readonly display: boolean;
}): ReactElement => {
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let current = true;
    import("./render-math.ts").then(
      ({ renderMath }) => {
        const box = ref.current;
        if (!current || box === null) return;
        const math = renderMath(tex, display, box.ownerDocument);
        if (math !== null) box.replaceChildren(math);
      },
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [tex, display]);
  // React never fills the inner element: it belongs to the formula.
  return (
    <span key={tex} className={classNames(css["math"], display && css["display"])} dir="ltr">
      <span ref={ref} className={css["formula"]} suppressHydrationWarning>
        {tex}
      </span>
    </span>
  );
};
