"use client";

import { Fragment, use, type ReactElement, type ReactNode } from "react";

import { CodeBlock } from "./code-block.tsx";
import css from "./markdown.module.css";
import type { Block, Inline, ListItem } from "./markdown-tree.ts";
import { MathText } from "./math-text.tsx";
import { SentenceSlotsContext } from "./sentence-slots.ts";
import { words } from "./words.ts";

const Words = ({
  text,
  sentence,
}: {
  readonly text: string;
  readonly sentence: number | null;
}): ReactNode => {
  const slots = use(SentenceSlotsContext);
  if (sentence === null) return text;
  if (slots.isOpen(sentence)) return <span className={css["open"]}>{text}</span>;
  const cites = slots.cites(sentence);
  if (cites.length === 0) return text;
  return (
    <span className={css["sentence"]} data-cites={cites.join(" ")}>
      {text}
    </span>
  );
};

const SentenceEnd = ({ node }: { readonly node: Inline & { readonly sentence: number } }) => {
  const slots = use(SentenceSlotsContext);
  return node.kind === "end" ? slots.atEnd(node.sentence) : slots.atFold(node.sentence);
};

/** A link says where it leads, asks nobody before it is pressed and tells nobody where it was pressed. */
const Link = ({ node }: { readonly node: Extract<Inline, { kind: "link" }> }): ReactElement => {
  const [only] = node.children;
  const saysHost =
    node.children.length === 1 && only?.kind === "text" && only.text.includes(node.host);
  return (
    <a
      className={css["link"]}
      href={node.href}
      title={node.href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      referrerPolicy="no-referrer"
    >
      <Inlines nodes={node.children} />
      {saysHost ? null : <span className={css["host"]}>{` (${node.host})`}</span>}
    </a>
  );
};

const emphases = { strong: "strong", emphasis: "em", deleted: "del" } as const;

const InlineNode = ({ node }: { readonly node: Inline }): ReactNode => {
  switch (node.kind) {
    case "text":
      return <Words text={node.text} sentence={node.sentence} />;
    case "code":
      return (
        <code className={css["code"]} dir="ltr">
          <Words text={node.text} sentence={node.sentence} />
        </code>
      );
    case "math":
      return <MathText tex={node.tex} display={node.display} />;
    case "strong":
    case "emphasis":
    case "deleted": {
      const Emphasis = emphases[node.kind];
      return (
        <Emphasis>
          <Inlines nodes={node.children} />
        </Emphasis>
      );
    }
    case "link":
      return <Link node={node} />;
    case "break":
      return <br />;
    case "end":
    case "fold":
      return <SentenceEnd node={node} />;
    default:
      return node satisfies never;
  }
};

const Inlines = ({ nodes }: { readonly nodes: readonly Inline[] }): ReactElement => (
  <>
    {nodes.map((node, index) => (
      <InlineNode key={index} node={node} />
    ))}
  </>
);

/** An answer stands under a question (level 2), its parts under headings of level 3: its own begin at 4. */
const headings = ["h4", "h4", "h5", "h5", "h6", "h6"] as const;

const Item = ({ item }: { readonly item: ListItem }): ReactElement => {
  const [first, ...rest] = item.blocks;
  return (
    <li className={item.checked === null ? undefined : css["task"]} dir="auto">
      {item.checked === null ? null : (
        <input type="checkbox" checked={item.checked} disabled aria-label={words.task} />
      )}
      {first?.kind === "paragraph" ? (
        <Inlines nodes={first.children} />
      ) : (
        first !== undefined && <BlockNode block={first} />
      )}
      <MarkdownBlocks blocks={rest} />
    </li>
  );
};

const List = ({ block }: { readonly block: Extract<Block, { kind: "list" }> }): ReactElement => {
  const items = block.items.map((item, index) => <Item key={index} item={item} />);
  return block.start === null ? (
    <ul className={css["list"]}>{items}</ul>
  ) : (
    <ol className={css["list"]} start={block.start}>
      {items}
    </ol>
  );
};

const Table = ({ block }: { readonly block: Extract<Block, { kind: "table" }> }): ReactElement => {
  const style = (column: number) => {
    const align = block.align[column];
    return align == null ? undefined : { textAlign: align };
  };
  return (
    <div className={css["tableFrame"]} role="region" aria-label={words.table} tabIndex={0}>
      <table className={css["table"]}>
        <thead>
          <tr>
            {block.head.map((cell, column) => (
              <th key={column} scope="col" style={style(column)} dir="auto">
                <Inlines nodes={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {block.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} style={style(column)} dir="auto">
                  <Inlines nodes={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const BlockNode = ({ block }: { readonly block: Block }): ReactElement => {
  switch (block.kind) {
    case "paragraph":
      return (
        <p dir="auto">
          <Inlines nodes={block.children} />
        </p>
      );
    case "heading": {
      const Heading = headings[block.level - 1] ?? "h6";
      return (
        <Heading dir="auto">
          <Inlines nodes={block.children} />
        </Heading>
      );
    }
    case "code":
      return <CodeBlock language={block.language} text={block.text} closed={block.closed} />;
    case "math":
      return <MathText tex={block.tex} display />;
    case "quote":
      return (
        <blockquote className={css["quote"]} dir="auto">
          <MarkdownBlocks blocks={block.blocks} />
        </blockquote>
      );
    case "list":
      return <List block={block} />;
    case "table":
      return <Table block={block} />;
    case "rule":
      return <hr className={css["rule"]} />;
    case "plain":
      return (
        <p className={css["plain"]} dir="auto">
          {block.text}
        </p>
      );
    default:
      return block satisfies never;
  }
};

/** The one way to show formatted text: while it arrives and when it is there. It makes elements and text nodes, never HTML. */
export const MarkdownBlocks = ({ blocks }: { readonly blocks: readonly Block[] }): ReactElement => (
  <>
    {blocks.map((block, index) => (
      <Fragment key={index}>
        <BlockNode block={block} />
      </Fragment>
    ))}
  </>
);
