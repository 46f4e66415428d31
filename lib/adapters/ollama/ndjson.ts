const longestLineChars = 1_048_576;

export type NdjsonFault = "line-too-long" | "not-json";

type MakeFault = (reason: NdjsonFault, cause?: unknown) => Error;

/** Takes a stream's bytes apart into its JSON values, one a line; empty lines are skipped. */
export interface NdjsonLines {
  /** Values of the lines that these bytes end. */
  readonly read: (bytes: Uint8Array) => Generator<unknown, void>;
  /** The value of a last line without its end mark. */
  readonly end: () => Generator<unknown, void>;
}

/**
 * Not asynchronous: a stream passes a line for each token, and an asynchronous step for each would be most of what it costs.
 * @param fault makes the error for a line over 1 MB or one that is not JSON
 */
export function createNdjsonLines(fault: MakeFault): NdjsonLines {
  const decoder = new TextDecoder();
  let open = "";
  return {
    *read(bytes) {
      const lines = (open + decoder.decode(bytes, { stream: true })).split("\n");
      open = lines.pop() ?? "";
      for (const line of lines) {
        const text = line.trim();
        if (text !== "") yield parsed(text, fault);
      }
      if (open.length > longestLineChars) throw fault("line-too-long");
    },
    *end() {
      const text = (open + decoder.decode()).trim();
      if (text !== "") yield parsed(text, fault);
    },
  };
}

/** The JSON values of a stream; a last line without its end mark counts. Faults as `createNdjsonLines`. */
export async function* readNdjson(
  chunks: AsyncIterable<Uint8Array>,
  fault: MakeFault,
): AsyncGenerator<unknown, void> {
  const lines = createNdjsonLines(fault);
  for await (const bytes of chunks) for (const value of lines.read(bytes)) yield value;
  for (const value of lines.end()) yield value;
}

function parsed(text: string, fault: MakeFault): unknown {
  if (text.length > longestLineChars) throw fault("line-too-long");
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw fault("not-json", error);
  }
}
