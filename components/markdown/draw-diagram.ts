/** A drawing as the text of an SVG image, with its own size in CSS pixels. */
export interface Drawing {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

const framePath = "/frames/diagram.html";
const patienceMs = 10_000;
const longestText = 10_000;
const longestSvg = 1_000_000;

interface Frame {
  readonly window: () => Window | null;
  readonly ready: Promise<void>;
  readonly drawn: Map<number, (drawing: Drawing | null) => void>;
  readonly close: () => void;
}

let frame: Frame | null = null;
let lastId = 0;

const asDrawing = (answer: Readonly<Record<string, unknown>>): Drawing | null => {
  const { svg, width, height } = answer;
  if (typeof svg !== "string" || svg.length > longestSvg) return null;
  if (typeof width !== "number" || typeof height !== "number") return null;
  return { svg, width, height };
};

/** The frame has no origin of its own, so that nothing in it reaches this page except by messages. */
const openFrame = (): Frame => {
  const element = document.createElement("iframe");
  element.setAttribute("sandbox", "allow-scripts");
  element.src = framePath;
  element.title = "Drawing of diagrams";
  element.hidden = false;
  element.tabIndex = -1;
  element.setAttribute("aria-hidden", "true");
  element.style.cssText =
    "position:fixed;inset-block-start:0;inset-inline-start:-10000px;inline-size:1000px;block-size:800px;border:0;visibility:hidden";
  const drawn = new Map<number, (drawing: Drawing | null) => void>();
  const ready = Promise.withResolvers<undefined>();
  const hear = (event: MessageEvent<unknown>): void => {
    if (event.source !== element.contentWindow || event.data === null) return;
    if (typeof event.data !== "object") return;
    const answer = event.data as Readonly<Record<string, unknown>>;
    if (answer["ready"] === true) ready.resolve(undefined);
    else if (typeof answer["id"] === "number") drawn.get(answer["id"])?.(asDrawing(answer));
  };
  window.addEventListener("message", hear);
  document.body.append(element);
  return {
    window: () => element.contentWindow,
    ready: ready.promise,
    drawn,
    close: () => {
      window.removeEventListener("message", hear);
      element.remove();
    },
  };
};

/** Draws a Mermaid text in a frame that is loaded when the first one is shown; `null` when it cannot be drawn in 10 s. */
export const drawDiagram = async (text: string, dark: boolean): Promise<Drawing | null> => {
  if (text.length > longestText) return null;
  frame ??= openFrame();
  const used = frame;
  lastId += 1;
  const id = lastId;
  const result = Promise.withResolvers<Drawing | null>();
  used.drawn.set(id, result.resolve);
  const timer = setTimeout(() => {
    // A text that keeps Mermaid busy takes its frame along; the next one gets a new frame.
    if (frame === used) frame = null;
    used.close();
    for (const resolve of used.drawn.values()) resolve(null);
  }, patienceMs);
  void used.ready.then(() => {
    used.window()?.postMessage({ id, text, dark }, "*");
  });
  const drawing = await result.promise;
  clearTimeout(timer);
  used.drawn.delete(id);
  return drawing;
};
