import { piecesOf, tokensOf } from "./go-template-lexer.ts";
import type { Piece, Token } from "./go-template-lexer.ts";
import { isFunction } from "./go-template-functions.ts";

/** An expression of a template. */
export type Expression =
  | { readonly kind: "value"; readonly value: unknown }
  /** `.A.B`, `$x.A` or `(…).A`: fields of what `from` gives. */
  | {
      readonly kind: "path";
      /** Name of a variable, a dot, or an expression. */
      readonly from: string | Expression;
      readonly fields: readonly string[];
    }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] };

export type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "print"; readonly expression: Expression }
  | { readonly kind: "set"; readonly variable: string; readonly expression: Expression }
  | {
      readonly kind: "branch";
      /** `with` also makes its value the dot. */
      readonly word: "if" | "with";
      readonly assigns: string | undefined;
      readonly condition: Expression;
      readonly then: readonly Part[];
      readonly otherwise: readonly Part[];
    }
  | {
      readonly kind: "range";
      readonly variables: readonly string[];
      readonly over: Expression;
      readonly body: readonly Part[];
      readonly otherwise: readonly Part[];
    }
  | { readonly kind: "leave"; readonly word: "break" | "continue" };

const fault = (what: string): Error => new Error(`template: ${what}`);

/** Reads the tokens of one action. */
class ActionReader {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  peek(): Token | undefined {
    return this.tokens[this.at];
  }

  /** Takes the next token if it reads so. */
  take(text: string): boolean {
    if (this.peek()?.text !== text) return false;
    this.at++;
    return true;
  }

  /** `$a, $b :=` or `$a :=` or `$a =` before a pipeline. */
  variables(): readonly string[] {
    const start = this.at;
    const names: string[] = [];
    while (this.peek()?.kind === "variable") {
      names.push(this.peek()?.text ?? "");
      this.at++;
      if (!this.take(",")) break;
    }
    if (names.length > 0 && (this.take(":=") || this.take("="))) return names;
    this.at = start;
    return [];
  }

  /** Commands joined by bars: what one gives is the last argument of the next. */
  pipeline(): Expression {
    let value = this.command(undefined);
    while (this.take("|")) value = this.command(value);
    return value;
  }

  end(): void {
    const left = this.peek();
    if (left !== undefined) throw fault(`unexpected ${JSON.stringify(left.text)} in action`);
  }

  private command(piped: Expression | undefined): Expression {
    const first = this.peek();
    if (first?.kind === "word" && isFunction(first.text)) {
      this.at++;
      const args: Expression[] = [];
      while (this.startsOperand()) args.push(this.operand());
      return {
        kind: "call",
        name: first.text,
        args: piped === undefined ? args : [...args, piped],
      };
    }
    if (piped !== undefined) throw fault("only a function can stand behind a bar");
    return this.operand();
  }

  private startsOperand(): boolean {
    const token = this.peek();
    return (
      token !== undefined && (token.kind !== "sign" || token.text === "(" || token.text === ".")
    );
  }

  private operand(): Expression {
    const token = this.peek();
    if (token === undefined) throw fault("missing value");
    this.at++;
    switch (token.kind) {
      case "string":
        return { kind: "value", value: textOf(token.text) };
      case "number":
        return { kind: "value", value: Number(token.text) };
      case "field":
        return { kind: "path", from: ".", fields: [token.text.slice(1), ...this.fields()] };
      case "variable":
        return { kind: "path", from: token.text, fields: this.fields() };
      case "word":
        return constantOf(token.text);
      case "sign":
        return this.signed(token.text);
      default:
        return token.kind satisfies never;
    }
  }

  private signed(text: string): Expression {
    if (text === ".") return { kind: "path", from: ".", fields: [] };
    if (text !== "(") throw fault(`unexpected ${JSON.stringify(text)} in action`);
    const inner = this.pipeline();
    if (!this.take(")")) throw fault("unclosed parenthesis");
    return { kind: "path", from: inner, fields: this.fields() };
  }

  private fields(): readonly string[] {
    const names: string[] = [];
    for (let token = this.peek(); token?.kind === "field" && !token.spaced; token = this.peek()) {
      names.push(token.text.slice(1));
      this.at++;
    }
    return names;
  }
}

const textOf = (token: string): string =>
  token.startsWith("`") ? token.slice(1, -1) : (JSON.parse(token) as string);

const constantOf = (word: string): Expression => {
  if (word === "true" || word === "false") return { kind: "value", value: word === "true" };
  if (word === "nil") return { kind: "value", value: undefined };
  // A function without arguments in the place of a value.
  if (isFunction(word)) return { kind: "call", name: word, args: [] };
  throw fault(`function ${JSON.stringify(word)} not defined`);
};

/** Reads a template part by part; blocks call it for what stands inside them. */
class TemplateReader {
  private readonly pieces: readonly Piece[];
  private at = 0;

  constructor(source: string) {
    this.pieces = piecesOf(source);
  }

  whole(): readonly Part[] {
    const { parts, closedBy } = this.parts();
    if (closedBy !== undefined) throw fault(`unexpected {{${closedBy.peek()?.text ?? ""}}}`);
    return parts;
  }

  /** Up to an `else` or `end`, whose reader is handed back. */
  private parts(): {
    readonly parts: readonly Part[];
    readonly closedBy: ActionReader | undefined;
  } {
    const parts: Part[] = [];
    for (let piece = this.pieces[this.at++]; piece !== undefined; piece = this.pieces[this.at++]) {
      if (piece.kind === "text") {
        parts.push(piece);
        continue;
      }
      const reader = new ActionReader(tokensOf(piece.source));
      const word = reader.peek()?.text;
      if (word === "end" || word === "else") return { parts, closedBy: reader };
      parts.push(this.action(reader));
    }
    return { parts, closedBy: undefined };
  }

  private action(reader: ActionReader): Part {
    if (reader.take("if")) return this.branch(reader, "if");
    if (reader.take("with")) return this.branch(reader, "with");
    if (reader.take("range")) return this.range(reader);
    for (const word of ["break", "continue"] as const)
      if (reader.take(word)) return { kind: "leave", word };
    const [variable] = reader.variables();
    const expression = reader.pipeline();
    reader.end();
    return variable === undefined
      ? { kind: "print", expression }
      : { kind: "set", variable, expression };
  }

  private branch(reader: ActionReader, word: "if" | "with"): Part {
    const [assigns] = reader.variables();
    const condition = reader.pipeline();
    reader.end();
    const { parts: then, otherwise } = this.block();
    return { kind: "branch", word, assigns, condition, then, otherwise };
  }

  private range(reader: ActionReader): Part {
    const variables = reader.variables();
    const over = reader.pipeline();
    reader.end();
    const { parts: body, otherwise } = this.block();
    return { kind: "range", variables, over, body, otherwise };
  }

  private block(): { readonly parts: readonly Part[]; readonly otherwise: readonly Part[] } {
    const { parts, closedBy } = this.parts();
    if (closedBy === undefined) throw fault("unexpected end: a block is not closed");
    if (closedBy.take("end")) return { parts, otherwise: [] };
    closedBy.take("else");
    for (const word of ["if", "with"] as const)
      if (closedBy.take(word)) return { parts, otherwise: [this.branch(closedBy, word)] };
    const rest = this.parts();
    if (rest.closedBy?.take("end") !== true) throw fault("unexpected end: a block is not closed");
    return { parts, otherwise: rest.parts };
  }
}

/** @throws Error that says what is wrong with it */
export const parseGoTemplate = (source: string): readonly Part[] =>
  new TemplateReader(source).whole();
