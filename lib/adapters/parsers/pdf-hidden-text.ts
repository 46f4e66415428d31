/** The drawing commands of a page that matter here, by the numbers of pdf.js. */
export interface DrawingCommands {
  readonly save: number;
  readonly restore: number;
  readonly setTextRenderingMode: number;
  readonly setFillRGBColor: number;
  readonly constructPath: number;
  readonly showText: number;
  readonly paintImageXObject: number;
  readonly paintInlineImageXObject: number;
  readonly paintImageMaskXObject: number;
  readonly fill: number;
  readonly eoFill: number;
  readonly fillStroke: number;
  readonly eoFillStroke: number;
}

export interface DrawingList {
  readonly fnArray: readonly number[];
  readonly argsArray: readonly unknown[];
}

interface Pen {
  readonly mode: number;
  readonly isWhite: boolean;
}

const invisibleMode = 3;
const white = /^#f[c-f]f[c-f]f[c-f]$/i;

/** Text as it compares: letters alone, whatever form or space they were drawn with. */
export const squeezed = (text: string): string => text.normalize("NFKC").replaceAll(/\s+/g, "");

const glyphText = (args: unknown): string => {
  const glyphs = Array.isArray(args) ? (args[0] as unknown) : undefined;
  if (!Array.isArray(glyphs)) return "";
  return glyphs
    .map((glyph: unknown) =>
      typeof glyph === "object" && glyph !== null && "unicode" in glyph
        ? String(glyph.unicode)
        : "",
    )
    .join("");
};

/** A filled shape large enough to stand behind words. */
function isBackground(args: unknown, commands: DrawingCommands): boolean {
  const [paint, , box] = args as readonly [number, unknown, ArrayLike<number> | undefined];
  const { fill, eoFill, fillStroke, eoFillStroke } = commands;
  if (![fill, eoFill, fillStroke, eoFillStroke].includes(paint) || box === undefined) return false;
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = Array.from(box);
  return Math.abs(x1 - x0) >= 20 && Math.abs(y1 - y0) >= 8;
}

const nextPen = (pen: Pen, command: number, args: unknown, commands: DrawingCommands): Pen => {
  const [value] = Array.isArray(args) ? (args as readonly unknown[]) : [];
  if (command === commands.setTextRenderingMode) return { ...pen, mode: Number(value) };
  if (command === commands.setFillRGBColor) return { ...pen, isWhite: white.test(String(value)) };
  return pen;
};

interface Drawing {
  readonly words: { readonly text: string; readonly pen: Pen }[];
  hasPicture: boolean;
  hasBackground: boolean;
}

function replay(list: DrawingList, commands: DrawingCommands): Drawing {
  const pictures = [
    commands.paintImageXObject,
    commands.paintInlineImageXObject,
    commands.paintImageMaskXObject,
  ];
  const drawing: Drawing = { words: [], hasPicture: false, hasBackground: false };
  const stack: Pen[] = [];
  let pen: Pen = { mode: 0, isWhite: false };
  for (const [index, command] of list.fnArray.entries()) {
    const args = list.argsArray[index];
    if (command === commands.save) stack.push(pen);
    else if (command === commands.restore) pen = stack.pop() ?? pen;
    else if (command === commands.showText) drawing.words.push({ text: glyphText(args), pen });
    else if (command === commands.constructPath)
      drawing.hasBackground ||= !pen.isWhite && isBackground(args, commands);
    else if (pictures.includes(command)) drawing.hasPicture = true;
    else pen = nextPen(pen, command, args, commands);
  }
  return drawing;
}

/**
 * What a page draws so that nobody sees it: in the invisible rendering mode, where no picture lies that the words are
 * read from (the text layer of a scan), and in white, where nothing coloured lies behind.
 * Returned squeezed, so that a piece of text is looked up by `includes`.
 */
export function unseenText(
  list: DrawingList,
  commands: DrawingCommands,
): { readonly unseen: string; readonly seen: string } {
  const { words, hasPicture, hasBackground } = replay(list, commands);
  const isUnseen = ({ mode, isWhite }: Pen): boolean =>
    !hasPicture && (mode === invisibleMode || (isWhite && !hasBackground));
  const textOf = (unseen: boolean): string =>
    squeezed(
      words
        .filter((each) => isUnseen(each.pen) === unseen)
        .map((each) => each.text)
        .join(""),
    );
  return { unseen: textOf(true), seen: textOf(false) };
}
