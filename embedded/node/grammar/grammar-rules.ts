/** Rules that schemas share, with the rules that each needs. White space is bounded, or a model may write it for ever. */
const sharedRules: Readonly<
  Record<string, { readonly body: string; readonly needs: readonly string[] }>
> = {
  space: { body: `| " " | "\\n"{1,2} [ \\t]{0,20}`, needs: [] },
  char: {
    body: `[^"\\\\\\x7F\\x00-\\x1F] | [\\\\] (["\\\\bfnrt] | "u" [0-9a-fA-F]{4})`,
    needs: [],
  },
  string: { body: `"\\"" char* "\\"" space`, needs: ["char"] },
  whole: { body: `"0" | [1-9] [0-9]{0,15}`, needs: [] },
  "positive-integer": { body: "whole space", needs: ["whole"] },
  integer: { body: `"-"? whole space`, needs: ["whole"] },
  "positive-number": {
    body: `whole ("." [0-9]{1,16})? ([eE] [-+]? [0-9]{1,3})? space`,
    needs: ["whole"],
  },
  number: { body: `"-"? positive-number`, needs: ["positive-number"] },
  boolean: { body: `("true" | "false") space`, needs: [] },
  null: { body: `"null" space`, needs: [] },
  value: {
    body: "object | array | string | number | boolean | null",
    needs: ["object", "array", "string", "number", "boolean", "null"],
  },
  object: {
    body: `"{" space (string ":" space value ("," space string ":" space value)*)? "}" space`,
    needs: ["string", "value"],
  },
  array: { body: `"[" space (value ("," space value)*)? "]" space`, needs: ["value"] },
  date: {
    body: `[0-9]{4} "-" ("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | [1-2] [0-9] | "3" [0-1])`,
    needs: [],
  },
  time: {
    body: `([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] ("." [0-9]{3})? ("Z" | [-+] ([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9])`,
    needs: [],
  },
  "date-string": { body: `"\\"" date "\\"" space`, needs: ["date"] },
  "time-string": { body: `"\\"" time "\\"" space`, needs: ["time"] },
  "date-time-string": { body: `"\\"" date "T" time "\\"" space`, needs: ["date", "time"] },
  "uuid-string": {
    body: `"\\"" [0-9a-fA-F]{8} "-" [0-9a-fA-F]{4} "-" [0-9a-fA-F]{4} "-" [0-9a-fA-F]{4} "-" [0-9a-fA-F]{12} "\\"" space`,
    needs: [],
  },
};

/** The rules of one grammar. */
export interface Rules {
  /** A shared rule by its name, taken in with what it needs. */
  readonly shared: (name: string) => string;
  /** A rule of its own under a fresh name. */
  readonly add: (kind: string, body: string) => string;
  /** A fresh name whose rule comes later. */
  readonly reserve: (kind: string) => string;
  readonly define: (name: string, body: string) => void;
  readonly text: () => string;
}

export const createRules = (): Rules => {
  const bodies = new Map<string, string>();
  let count = 0;
  const shared = (name: string): string => {
    const rule = sharedRules[name];
    if (rule === undefined) throw new Error(`There is no rule ${name}.`);
    if (bodies.has(name)) return name;
    bodies.set(name, rule.body);
    for (const needed of rule.needs) shared(needed);
    return name;
  };
  const reserve = (kind: string): string => `${kind}-${String((count += 1))}`;
  const define = (name: string, body: string): void => {
    bodies.set(name, body);
  };
  shared("space");
  return {
    shared,
    reserve,
    define,
    add: (kind, body) => {
      const name = reserve(kind);
      define(name, body);
      return name;
    },
    text: () => [...bodies].map(([name, body]) => `${name} ::= ${body}`).join("\n"),
  };
};
