import { decodeText } from "./decode-text.ts";
import type { ReadFile } from "./read-file.ts";
import { createTextBuilder } from "./text-builder.ts";

const tooLong = 5000;

/** A line that begins something new: it stands at the margin, and is no closing mark or continuation. */
const beginsPart = (line: string): boolean =>
  /^[^\s)}\]>,;]/.test(line) &&
  !/^(?:end|fi|done|esac|else|elif|except|finally|catch|then)\b/.test(line);

/** Parts of a program are what stands at the margin after an empty line: functions, classes, their comments. */
export const readSourceCode: ReadFile = (bytes) => {
  const { text, warning } = decodeText(bytes, "utf-8");
  const builder = createTextBuilder();
  if (warning !== null) builder.warn(warning);
  let part: string[] = [];
  let longLines = 0;
  const close = () => {
    builder.add("code", part.join("\n"));
    part = [];
  };
  let wasEmpty = false;
  for (const line of text.replaceAll(/\r\n?/g, "\n").split("\n")) {
    if (line.length > tooLong) longLines += 1;
    if (wasEmpty && beginsPart(line)) close();
    part.push(line);
    wasEmpty = line.trim() === "";
  }
  close();
  if (longLines > 0)
    builder.warn(
      `${String(longLines)} lines are longer than 5,000 characters: this may be made by a program.`,
    );
  return Promise.resolve(builder.finish(null));
};
