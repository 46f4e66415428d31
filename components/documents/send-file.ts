import { ApiFailure, offlineFailure, readFailure } from "#components/api/failure.ts";

import { words } from "./words.ts";

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Sends a file's bytes to `path`. Of the browser's two ways only this one tells how much has been sent. */
export const sendFile = (
  file: File,
  path: string,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
  method: "POST" | "PUT" = "POST",
): Promise<{ readonly duplicate: boolean; readonly unchanged: boolean }> =>
  new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open(method, path);
    call.setRequestHeader("content-type", "application/octet-stream");
    call.upload.onprogress = (event) => {
      onSent(event.loaded);
    };
    call.onload = () => {
      const body = parse(call.responseText);
      if (call.status < 300) {
        const said = body as { readonly duplicate?: unknown; readonly unchanged?: unknown } | null;
        resolve({ duplicate: said?.duplicate === true, unchanged: said?.unchanged === true });
        return;
      }
      const retryAfter = call.getResponseHeader("retry-after");
      reject(new ApiFailure(readFailure(call.status, body, retryAfter)));
    };
    call.onerror = () => {
      reject(new ApiFailure({ ...offlineFailure, message: words.notArrived }));
    };
    call.onabort = () => {
      reject(new DOMException("The upload was cancelled", "AbortError"));
    };
    signal.addEventListener("abort", () => {
      call.abort();
    });
    call.send(file);
  });
