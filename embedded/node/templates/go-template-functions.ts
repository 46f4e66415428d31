const asList = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value as readonly unknown[];
  if (typeof value === "object" && value !== null) return Object.values(value);
  return [];
};

const lengthOf = (value: unknown): number =>
  typeof value === "string" ? Buffer.byteLength(value) : asList(value).length;

/** What a Go template takes for true: everything but the zero value of its type. */
export const isTrue = (value: unknown): boolean => {
  if (value === undefined || value === null || value === false || value === "" || value === 0)
    return false;
  return typeof value === "object" ? lengthOf(value) > 0 : true;
};

const compare = (left: unknown, right: unknown): number => {
  if (typeof left === "number" && typeof right === "number") return left - right;
  const [a, b] = [print(left), print(right)];
  return a < b ? -1 : Number(a > b);
};

/** How a value is written into the text. */
export const print = (value: unknown): string => {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
};

const slice = (value: unknown, from: number, end: number | undefined): unknown => {
  return typeof value === "string" ? value.slice(from, end) : asList(value).slice(from, end);
};

const indexInto = (value: unknown, ...keys: readonly unknown[]): unknown =>
  keys.reduce<unknown>(
    (found, key) =>
      typeof found === "object" && found !== null
        ? (found as Readonly<Record<string, unknown>>)[print(key)]
        : undefined,
    value,
  );

type TemplateFunction = (...args: unknown[]) => unknown;

const functions: Readonly<Record<string, TemplateFunction>> = {
  and: (...args) => args.find((value) => !isTrue(value)) ?? args.at(-1),
  or: (...args) => args.find(isTrue) ?? args.at(-1),
  not: (value) => !isTrue(value),
  eq: (first, ...others) => others.some((other) => (first ?? "") === (other ?? "")),
  ne: (left, right) => (left ?? "") !== (right ?? ""),
  lt: (left, right) => compare(left, right) < 0,
  le: (left, right) => compare(left, right) <= 0,
  gt: (left, right) => compare(left, right) > 0,
  ge: (left, right) => compare(left, right) >= 0,
  len: lengthOf,
  index: indexInto,
  slice: (value, from, to) =>
    slice(value, Number(from ?? 0), to === undefined ? undefined : Number(to)),
  json: (value) => JSON.stringify(value ?? null),
  print: (...args) => args.map(print).join(""),
  currentDate: () => new Date().toISOString().slice(0, "2026-01-01".length),
};

export const isFunction = (name: string): boolean => Object.hasOwn(functions, name);

export const callFunction = (name: string, args: readonly unknown[]): unknown =>
  functions[name]?.(...args);
