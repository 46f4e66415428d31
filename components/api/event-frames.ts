/** One message of a server-sent event stream. */
export interface EventFrame {
  /** `message` unless the server named it. */
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

export interface EventFrames {
  /** The next message; `null` when the stream is over. Rejects when the connection breaks. */
  next(): Promise<EventFrame | null>;
  cancel(): void;
}

/** Comment lines and messages without data say nothing. */
const frameOf = (text: string): EventFrame | null => {
  const frame = { event: "message", id: "", data: "" };
  let told = false;
  for (const line of text.split("\n")) {
    const [, field, value] = /^(event|id|data): ?(.*)$/u.exec(line) ?? [];
    if (field === "event" || field === "id") frame[field] = value ?? "";
    if (field === "data") {
      frame.data += (told ? "\n" : "") + (value ?? "");
      told = true;
    }
  }
  return told ? frame : null;
};

/** Reads a response that is an event stream, which EventSource cannot do for a POST. */
export const readFrames = (body: ReadableStream<Uint8Array<ArrayBuffer>>): EventFrames => {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    async next() {
      for (;;) {
        const end = text.indexOf("\n\n");
        if (end === -1) {
          const { done, value } = await reader.read();
          if (done) return null;
          text += value;
          continue;
        }
        const frame = frameOf(text.slice(0, end));
        text = text.slice(end + 2);
        if (frame !== null) return frame;
      }
    },
    cancel() {
      reader.cancel().catch(() => undefined);
    },
  };
};
