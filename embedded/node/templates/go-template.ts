import { callFunction, isTrue, print } from "./go-template-functions.ts";
import { parseGoTemplate } from "./go-template-parser.ts";
import type { Expression, Part } from "./go-template-parser.ts";

type Values = Readonly<Record<string, unknown>>;

/** A template of Go's text/template as far as models use it: no named templates, no methods. */
export interface GoTemplate {
  /** Names of the fields that it reads, wherever they stand. */
  readonly fields: ReadonlySet<string>;
  /** @param stopBehind the text ends behind the first place that writes this field */
  readonly render: (values: Values, stopBehind?: string) => string;
}

/** Where in a template the writer is: the dot, and the variables of the blocks around. */
interface Scope {
  readonly dot: unknown;
  readonly variables: Map<string, unknown>;
}

class Leave extends Error {
  readonly word: "break" | "continue";

  constructor(word: "break" | "continue") {
    super(word);
    this.word = word;
  }
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Values)[name]
    : undefined;

const evaluate = (expression: Expression, scope: Scope): unknown => {
  switch (expression.kind) {
    case "value":
      return expression.value;
    case "call":
      return callFunction(
        expression.name,
        expression.args.map((argument) => evaluate(argument, scope)),
      );
    case "path": {
      const { from, fields } = expression;
      const start =
        typeof from === "object"
          ? evaluate(from, scope)
          : from === "."
            ? scope.dot
            : scope.variables.get(from);
      return fields.reduce(fieldOf, start);
    }
    default:
      return expression satisfies never;
  }
};

const mentions = (expression: Expression, field: string): boolean => {
  switch (expression.kind) {
    case "value":
      return false;
    case "call":
      return expression.args.some((argument) => mentions(argument, field));
    case "path":
      return (
        expression.fields.includes(field) ||
        (typeof expression.from === "object" && mentions(expression.from, field))
      );
    default:
      return expression satisfies never;
  }
};

/** One writing of a template. */
class Writer {
  text = "";
  private ended = false;
  private readonly stopBehind: string | undefined;

  constructor(stopBehind: string | undefined) {
    this.stopBehind = stopBehind;
  }

  write(parts: readonly Part[], scope: Scope): void {
    for (const part of parts) {
      if (this.ended) return;
      this.writeOne(part, scope);
    }
  }

  private writeOne(part: Part, scope: Scope): void {
    switch (part.kind) {
      case "text":
        this.text += part.text;
        return;
      case "print":
        this.text += print(evaluate(part.expression, scope));
        this.ended = this.stopBehind !== undefined && mentions(part.expression, this.stopBehind);
        return;
      case "set":
        scope.variables.set(part.variable, evaluate(part.expression, scope));
        return;
      case "branch":
        this.branch(part, scope);
        return;
      case "range":
        this.range(part, scope);
        return;
      case "leave":
        throw new Leave(part.word);
      default:
        part satisfies never;
    }
  }

  private branch(part: Extract<Part, { kind: "branch" }>, scope: Scope): void {
    const value = evaluate(part.condition, scope);
    if (part.assigns !== undefined) scope.variables.set(part.assigns, value);
    if (!isTrue(value)) this.write(part.otherwise, scope);
    else if (part.word === "with") this.write(part.then, { ...scope, dot: value });
    else this.write(part.then, scope);
  }

  private range(part: Extract<Part, { kind: "range" }>, scope: Scope): void {
    const over = evaluate(part.over, scope);
    const entries = typeof over === "object" && over !== null ? Object.entries(over) : [];
    if (entries.length === 0) this.write(part.otherwise, scope);
    for (const [key, value] of entries) {
      const names = part.variables;
      const position = Array.isArray(over) ? Number(key) : key;
      if (names.length > 1) scope.variables.set(names[0] ?? "", position);
      if (names.length > 0) scope.variables.set(names.at(-1) ?? "", value);
      if (this.iterate(part.body, { ...scope, dot: value }) === "break") return;
    }
  }

  private iterate(body: readonly Part[], scope: Scope): "break" | "continue" {
    try {
      this.write(body, scope);
      return "continue";
    } catch (error) {
      if (error instanceof Leave) return error.word;
      throw error;
    }
  }
}

const expressionsOf = (parts: readonly Part[]): readonly Expression[] =>
  parts.flatMap((part): readonly Expression[] => {
    switch (part.kind) {
      case "text":
      case "leave":
        return [];
      case "print":
      case "set":
        return [part.expression];
      case "branch":
        return [part.condition, ...expressionsOf(part.then), ...expressionsOf(part.otherwise)];
      case "range":
        return [part.over, ...expressionsOf(part.body), ...expressionsOf(part.otherwise)];
      default:
        return part satisfies never;
    }
  });

const fieldsIn = (expression: Expression): readonly string[] => {
  switch (expression.kind) {
    case "value":
      return [];
    case "call":
      return expression.args.flatMap(fieldsIn);
    case "path":
      return [
        ...expression.fields,
        ...(typeof expression.from === "object" ? fieldsIn(expression.from) : []),
      ];
    default:
      return expression satisfies never;
  }
};

/** @throws Error that says what is wrong with the template, or which part of Go's templates it would need */
export const readGoTemplate = (source: string): GoTemplate => {
  const parts = parseGoTemplate(source);
  return {
    fields: new Set(expressionsOf(parts).flatMap(fieldsIn)),
    render: (values, stopBehind) => {
      const writer = new Writer(stopBehind);
      writer.write(parts, { dot: values, variables: new Map([["$", values]]) });
      return writer.text;
    },
  };
};
