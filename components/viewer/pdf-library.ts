import type * as PdfLibrary from "pdfjs-dist";

/** Where next.config.mjs puts pdf.js and what it reads: nothing comes from anywhere else. */
const folder = "/pdfjs";

let library: Promise<typeof PdfLibrary> | null = null;

/** Loaded when the first PDF is opened: it is ten times the page's own code. */
const loadLibrary = (): Promise<typeof PdfLibrary> => {
  library ??= import(
    /* turbopackIgnore: true */ /* webpackIgnore: true */ `${folder}/pdf.min.mjs`
  ).then((loaded: typeof PdfLibrary) => {
    loaded.GlobalWorkerOptions.workerSrc = `${folder}/pdf.worker.min.mjs`;
    return loaded;
  });
  return library;
};

export interface OpenPdf {
  readonly library: typeof PdfLibrary;
  readonly document: PdfLibrary.PDFDocumentProxy;
  close(): Promise<void>;
}

/** Opens the original of a document. Throws when it cannot be read; aborting leaves nothing behind. */
export const openPdf = async (path: string, signal: AbortSignal): Promise<OpenPdf> => {
  const [loaded, response] = await Promise.all([loadLibrary(), fetch(path, { signal })]);
  if (!response.ok) throw new Error(`status ${String(response.status)}`);
  const task = loaded.getDocument({
    data: new Uint8Array(await response.arrayBuffer()),
    cMapUrl: `${folder}/cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${folder}/standard_fonts/`,
    wasmUrl: `${folder}/wasm/`,
    enableXfa: false,
    stopAtErrors: false,
  });
  const close = () => task.destroy();
  signal.addEventListener("abort", () => void close(), { once: true });
  return { library: loaded, document: await task.promise, close };
};
