/** What an answer's markdown is made of. Nothing in it is HTML: every leaf is text that becomes a text node. */
export type Inline =
  | { readonly kind: "text"; readonly text: string; readonly sentence: number | null }
  | { readonly kind: "code"; readonly text: string; readonly sentence: number | null }
  | { readonly kind: "math"; readonly tex: string; readonly display: boolean }
  | {
      readonly kind: "strong" | "emphasis" | "deleted";
      readonly children: readonly Inline[];
    }
  | {
      readonly kind: "link";
      readonly href: string;
      readonly host: string;
      readonly children: readonly Inline[];
    }
  | { readonly kind: "break" }
  /** Where sentence number `sentence` ended, or stood before it was folded away. */
  | { readonly kind: "end" | "fold"; readonly sentence: number };

export interface ListItem {
  /** `null`: no box before it. */
  readonly checked: boolean | null;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: "paragraph"; readonly children: readonly Inline[] }
  | { readonly kind: "heading"; readonly level: number; readonly children: readonly Inline[] }
  | {
      readonly kind: "code";
      readonly language: string;
      readonly text: string;
      /** False while the closing fence has not come. */
      readonly closed: boolean;
    }
  | { readonly kind: "math"; readonly tex: string }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  | {
      readonly kind: "list";
      /** Number of the first item; `null` without numbers. */
      readonly start: number | null;
      readonly items: readonly ListItem[];
    }
  | {
      readonly kind: "table";
      readonly align: readonly ("left" | "center" | "right" | null)[];
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    }
  | { readonly kind: "rule" }
  /** Too long or too deep to be read as markdown. */
  | { readonly kind: "plain"; readonly text: string };
