import { nodeError } from "../engine/node-error.ts";

/** A value read from a request body. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

const endOfInput = "unexpected EOF";

/** Clients show these texts and some match on them, so they read as the Go standard library words them. */
class Scanner {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Index behind the first JSON value. @throws NodeError 400 */
  endOfValue(): number {
    this.value();
    return this.at;
  }

  private fail(context: string): never {
    const character = this.text[this.at];
    if (character === undefined) throw nodeError(400, endOfInput);
    throw nodeError(400, `invalid character '${character === "'" ? "\\'" : character}' ${context}`);
  }

  private space(): void {
    while (/\s/.test(this.text[this.at] ?? "")) this.at++;
  }

  private value(): void {
    this.space();
    const first = this.text[this.at] ?? "";
    if (first === "{") this.object();
    else if (first === "[") this.array();
    else if (first === '"') this.string();
    else if (first === "-" || /[0-9]/.test(first)) this.number();
    else if (first === "t") this.literal("true");
    else if (first === "f") this.literal("false");
    else if (first === "n") this.literal("null");
    else this.fail("looking for beginning of value");
  }

  private literal(word: string): void {
    for (const [index, expected] of Array.from(word).entries()) {
      if (this.text[this.at] !== expected)
        this.fail(
          index === 0
            ? "looking for beginning of value"
            : `in literal ${word} (expecting '${expected}')`,
        );
      this.at++;
    }
  }

  private number(): void {
    const match = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/.exec(this.text.slice(this.at));
    if (match === null) {
      this.at++;
      this.fail("in numeric literal");
    }
    this.at += match[0].length;
  }

  private string(): void {
    this.at++;
    for (;;) {
      const character = this.text[this.at];
      if (character === undefined || character < " ") this.fail("in string literal");
      this.at++;
      if (character === '"') return;
      if (character === "\\") {
        if (!/["\\/bfnrtu]/.test(this.text[this.at] ?? "")) this.fail("in string escape code");
        this.at++;
      }
    }
  }

  private object(): void {
    this.at++;
    this.space();
    if (this.text[this.at] === "}") {
      this.at++;
      return;
    }
    for (;;) {
      this.space();
      if (this.text[this.at] !== '"') this.fail("looking for beginning of object key string");
      this.string();
      this.space();
      if (this.text[this.at] !== ":") this.fail("after object key");
      this.at++;
      this.value();
      this.space();
      if (this.text[this.at] === "}") {
        this.at++;
        return;
      }
      if (this.text[this.at] !== ",") this.fail("after object key:value pair");
      this.at++;
    }
  }

  private array(): void {
    this.at++;
    this.space();
    if (this.text[this.at] === "]") {
      this.at++;
      return;
    }
    for (;;) {
      this.value();
      this.space();
      if (this.text[this.at] === "]") {
        this.at++;
        return;
      }
      if (this.text[this.at] !== ",") this.fail("after array element");
      this.at++;
    }
  }
}

/**
 * Reads the first JSON value of a body, whatever its content type; what follows it is ignored, as Ollama does.
 *
 * @throws NodeError 400 with the text a Go server gives
 */
export const parseBody = (text: string): JsonValue => {
  if (text.trim() === "") throw nodeError(400, "missing request body");
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return JSON.parse(text.slice(0, new Scanner(text).endOfValue())) as JsonValue;
  }
};
