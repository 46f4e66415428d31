import { nodeError } from "../engine/node-error.ts";
import type { JsonValue } from "./go-json.ts";

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const piece = /^([0-9]+\.?[0-9]*|\.[0-9]+)([a-zµ]*)/;

/** Go's duration notation: "1h30m", "-1m", "0". @throws NodeError 400 worded like Go's parser */
const parseDurationMs = (text: string): number => {
  const quoted = JSON.stringify(text);
  const sign = text.startsWith("-") ? -1 : 1;
  let rest = text.replace(/^[+-]/, "");
  if (rest === "0") return 0;
  if (rest === "") throw nodeError(400, `time: invalid duration ${quoted}`);
  let total = 0;
  while (rest !== "") {
    const match = piece.exec(rest);
    if (match === null) throw nodeError(400, `time: invalid duration ${quoted}`);
    const [whole, amount = "", unit = ""] = match;
    if (unit === "") throw nodeError(400, `time: missing unit in duration ${quoted}`);
    const factor = unitMs[unit];
    if (factor === undefined)
      throw nodeError(400, `time: unknown unit "${unit}" in duration ${quoted}`);
    total += Number(amount) * factor;
    rest = rest.slice(whole.length);
  }
  return sign * total;
};

const goKind = (value: JsonValue): string => {
  if (typeof value === "boolean") return "bool";
  return Array.isArray(value) ? "[]interface {}" : "map[string]interface {}";
};

/**
 * How long a model stays loaded after its last use, ms.
 *
 * @param value number = seconds, string = Go duration; negative = for ever; undefined = not said
 * @throws NodeError 400 for other forms ("300" has no unit)
 */
export const parseKeepAliveMs = (value: JsonValue | undefined): number | undefined => {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" && typeof value !== "string")
    throw nodeError(400, `Unsupported type: '${goKind(value)}'`);
  const ms = typeof value === "number" ? value * 1000 : parseDurationMs(value);
  return ms < 0 ? Number.POSITIVE_INFINITY : ms;
};
