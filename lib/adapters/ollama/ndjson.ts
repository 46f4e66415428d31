const longestLineChars = 1_048_576;

export type NdjsonFault = "line-too-long" | "not-json";

/**
 * The JSON values of a stream, one a line; empty lines are skipped, a last line without its end mark counts.
 * @param fault makes the error for a line over 1 MB or one that is not JSON
 */
export async function* readNdjson(
  chunks: AsyncIterable<Uint8Array>,
  fault: (reason: NdjsonFault, cause?: unknown) => Error,
): AsyncGenerator<unknown, void> {
  const decoder = new TextDecoder();
  let open = "";
  for await (const chunk of chunks) {
    const lines = (open + decoder.decode(chunk, { stream: true })).split("\n");
    open = lines.pop() ?? "";
    for (const line of lines) yield* parseLine(line, fault);
    if (open.length > longestLineChars) throw fault("line-too-long");
  }
  yield* parseLine(open + decoder.decode(), fault);
}

function* parseLine(
  line: string,
  fault: (reason: NdjsonFault, cause?: unknown) => Error,
): Generator<unknown, void> {
  const text = line.trim();
  if (text === "") return;
  if (text.length > longestLineChars) throw fault("line-too-long");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw fault("not-json", error);
  }
  yield value;
}
