import type { Rules } from "./grammar-rules.ts";

export interface Member {
  readonly key: string;
  /** Rule of its value. */
  readonly rule: string;
  readonly required: boolean;
}

/** In a chain of optional members each may be left out; a comma stands before all but the first that is there. */
const optionalChain = (
  rules: Rules,
  pairs: readonly string[],
  repeats: (index: number) => boolean,
): string => {
  const restFrom = (index: number): string => {
    const pair = pairs[index];
    if (pair === undefined) return "";
    const own = `("," space ${pair})${repeats(index) ? "*" : "?"}`;
    const rest = restFrom(index + 1);
    return rest === "" ? own : `${own} ${rules.add("rest", rest)}`;
  };
  return pairs
    .map((pair, index) => {
      const again = repeats(index) ? ` ("," space ${pair})*` : "";
      return `${pair}${again} ${restFrom(index + 1)}`.trim();
    })
    .join(" | ");
};

/**
 * Rule of an object: required members in order, then any of the optional ones in order.
 *
 * @param others rule of the values of members that the schema does not name; undefined = there are none
 */
export const objectRule = (
  rules: Rules,
  members: readonly Member[],
  { others }: { readonly others: string | undefined },
): string => {
  const pairOf = ({ key, rule }: Member): string =>
    rules.add("pair", `${JSON.stringify(JSON.stringify(key))} space ":" space ${rule}`);
  const required = members.filter((member) => member.required).map(pairOf);
  const optional = members.filter((member) => !member.required).map(pairOf);
  const named = optional.length;
  if (others !== undefined)
    optional.push(rules.add("pair", `${rules.shared("string")} ":" space ${others}`));
  const fixed = required.join(' "," space ');
  if (optional.length === 0)
    return rules.add("object", `"{" space ${fixed}${fixed === "" ? "" : " "}"}" space`);
  const chain = optionalChain(rules, optional, (index) => index >= named);
  const choice = fixed === "" ? `(${chain})?` : `${fixed} ("," space (${chain}))?`;
  return rules.add("object", `"{" space ${choice} "}" space`);
};
