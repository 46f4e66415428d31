import { Parser } from "htmlparser2";
import { attribute, childOf, findAll, parseXml } from "./xml-tree.ts";

/** What makes a run unseen in this document. */
export interface HidingRules {
  readonly styles: ReadonlySet<string>;
  /** White letters hide only where nothing is shaded that they could stand on. */
  readonly whiteHides: boolean;
}

const isOn = (value: string | undefined): boolean =>
  value === undefined || !["0", "false", "off", "none"].includes(value.toLowerCase());

/** Half points: nobody reads letters of two points. */
const smallestSize = 4;

const shading =
  /w:(?:shd|highlight|background)\b[^>]{0,300}w:(?:fill|val|color)="(?!auto|FFFFFF|clear|nil|none|white)/i;

/** Rules from the main part and the style sheet. */
export function hidingRules(markup: string, styleSheet: string | null): HidingRules {
  const styles = new Set<string>();
  for (const style of findAll(parseXml(styleSheet ?? ""), ["w:style"])) {
    const vanish = childOf(childOf(style, "w:rPr"), "w:vanish");
    if (vanish !== undefined && isOn(attribute(vanish, "w:val")))
      styles.add(attribute(style, "w:styleId") ?? "");
  }
  const hasBoxes = markup.includes("txbxContent");
  return { styles, whiteHides: !hasBoxes && !shading.test(markup + (styleSheet ?? "")) };
}

function hides(name: string, value: string | undefined, rules: HidingRules): boolean {
  switch (name) {
    case "w:vanish":
      return isOn(value);
    case "w:rStyle":
    case "w:pStyle":
      return rules.styles.has(value ?? "");
    case "w:sz":
      return Number(value) > 0 && Number(value) <= smallestSize;
    case "w:color":
      return rules.whiteHides && /^F[C-F]F[C-F]F[C-F]$/i.test(value ?? "");
    default:
      return false;
  }
}

/** Cuts the runs that a reader of the document does not see out of its markup, and says how many held words. */
export function withoutHiddenRuns(
  markup: string,
  rules: HidingRules,
): { readonly markup: string; readonly removed: number } {
  const cuts: (readonly [number, number])[] = [];
  let removed = 0;
  let run: { start: number; isHidden: boolean; hasText: boolean } | null = null;
  let paragraphHides = false;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (name === "w:p") paragraphHides = false;
        else if (name === "w:r")
          run = { start: parser.startIndex, isHidden: paragraphHides, hasText: false };
        else if (run === null) {
          if (name === "w:pStyle") paragraphHides = hides(name, attributes["w:val"], rules);
        } else if (name === "w:t") run.hasText = true;
        else if (hides(name, attributes["w:val"], rules)) run.isHidden = true;
      },
      onclosetag(name) {
        if (name !== "w:r" || run === null) return;
        if (run.isHidden && run.hasText) {
          cuts.push([run.start, parser.endIndex + 1]);
          removed += 1;
        }
        run = null;
      },
    },
    { xmlMode: true },
  );
  parser.end(markup);
  let kept = "";
  let from = 0;
  for (const [start, end] of cuts) {
    kept += markup.slice(from, start);
    from = end;
  }
  return { markup: kept + markup.slice(from), removed };
}
