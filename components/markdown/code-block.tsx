"use client";

import { useEffect, useState, type ReactElement } from "react";

import { IconButton } from "#components/ui/button.tsx";
import { showToast } from "#components/ui/toast.tsx";

import css from "./code-block.module.css";
import { Diagram } from "./diagram.tsx";
import type { CodePart } from "./highlight-code.ts";
import { words } from "./words.ts";

const longestHighlighted = 20_000;

const copy = async (text: string): Promise<void> => {
  try {
    await navigator.clipboard.writeText(text);
    showToast(words.copied);
  } catch {
    showToast(words.copyFailed);
  }
};

interface Highlighted {
  readonly language: string;
  readonly text: string;
  readonly parts: readonly CodePart[];
}

/** Colours for finished code, from a part of the program that is loaded when the first code is shown. */
const useHighlighted = (
  language: string,
  text: string,
  closed: boolean,
): readonly CodePart[] | null => {
  const [done, setDone] = useState<Highlighted | null>(null);
  const wanted = closed && language !== "" && text.length <= longestHighlighted;
  useEffect(() => {
    if (!wanted) return undefined;
    let current = true;
    import("./highlight-code.ts").then(
      ({ highlightCode }) => {
        if (current) setDone({ language, text, parts: highlightCode(language, text) });
      },
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [wanted, language, text]);
  return wanted && done?.text === text && done.language === language ? done.parts : null;
};

const Parts = ({ parts }: { readonly parts: readonly CodePart[] }): ReactElement => (
  <>
    {parts.map((part, index) =>
      typeof part === "string" ? (
        part
      ) : (
        <span key={index} data-token={part.token}>
          <Parts parts={part.parts} />
        </span>
      ),
    )}
  </>
);

const Code = ({
  language,
  text,
  closed,
}: {
  readonly language: string;
  readonly text: string;
  readonly closed: boolean;
}): ReactElement => {
  const parts = useHighlighted(language, text, closed);
  return (
    <figure className={css["block"]} dir="ltr">
      <figcaption className={css["head"]}>
        <span>{language === "" ? words.code : language}</span>
        <IconButton icon="copy" label={words.copyCode} size={16} onClick={() => void copy(text)} />
      </figcaption>
      <pre className={css["text"]} tabIndex={0} aria-label={words.code}>
        <code>{parts === null ? text : <Parts parts={parts} />}</code>
      </pre>
    </figure>
  );
};

/** Code with its language and a copy button; a finished Mermaid text is drawn. */
export const CodeBlock = (props: {
  readonly language: string;
  readonly text: string;
  readonly closed: boolean;
}): ReactElement =>
  props.language === "mermaid" ? (
    <Diagram text={props.text} closed={props.closed} />
  ) : (
    <Code {...props} />
  );
