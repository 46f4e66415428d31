/** Two questions that look alike and have different answers, and by what edit the one was made from the other. */
export interface HardNegative {
  readonly kind: string;
  readonly one: string;
  readonly other: string;
}

// No list here is shared with the guards (lib/core/cache/vetoes.ts): what these edits change they have to see by rule.
const things =
  "boiler,turbine,invoice,passport,harbour crane,lease,vaccine,router,reactor,ferry".split(",");
const names = "Aurora,Borealis,Lisbon,Porto,Okafor,Lindqvist,Marseille,Kyoto,Hartmann,Zhang".split(
  ",",
);
const opposites: readonly (readonly [string, string])[] = [
  ["open", "close"],
  ["raise", "lower"],
  ["allowed", "forbidden"],
  ["import", "export"],
  ["start", "shut down"],
  ["connect", "disconnect"],
  ["fill", "drain"],
  ["internal", "external"],
  ["cheap", "expensive"],
  ["accept", "refuse"],
];
const units: readonly (readonly [string, string])[] = [
  ["kilograms", "pounds"],
  ["metres", "feet"],
  ["litres", "gallons"],
  ["hours", "days"],
  ["euros", "dollars"],
  ["degrees Celsius", "degrees Fahrenheit"],
];
const months = "January,March,May,July,September,November".split(",");

type Random = (below: number) => number;
const pick = <T>(random: Random, list: readonly T[]): T => list[random(list.length)] as T;

/** Two of the list, never the same. */
function two<T>(random: Random, list: readonly T[]): readonly [T, T] {
  const first = random(list.length);
  const second = (first + 1 + random(list.length - 1)) % list.length;
  return [list[first] as T, list[second] as T];
}

const frames: readonly ((subject: string, rest: string) => string)[] = [
  (subject, rest) => `How do I ${rest} the ${subject}?`,
  (subject, rest) => `What is the best way to ${rest} the ${subject}?`,
  (subject, rest) => `When should we ${rest} the ${subject}?`,
  (subject, rest) => `Why can you ${rest} the ${subject}?`,
];

const edits: Readonly<Record<string, (random: Random) => Omit<HardNegative, "kind">>> = {
  opposite(random) {
    const [one, other] = pick(random, opposites);
    const [frame, thing, name] = [pick(random, frames), pick(random, things), pick(random, names)];
    return { one: frame(`${name} ${thing}`, one), other: frame(`${name} ${thing}`, other) };
  },
  number(random) {
    const count = 2 + random(9000);
    const ask = (value: number) =>
      `Is a ${pick(() => count % things.length, things)} of ${String(value)} units covered?`;
    return { one: ask(count), other: ask(count + 1 + random(50)) };
  },
  unit(random) {
    const [one, other] = pick(random, units);
    const [count, thing] = [2 + random(400), pick(random, things)];
    const ask = (unit: string) => `What does a ${thing} of ${String(count)} ${unit} need?`;
    return { one: ask(one), other: ask(other) };
  },
  date(random) {
    const [one, other] = two(random, months);
    const [year, thing] = [1990 + random(40), pick(random, things)];
    const ask = (month: string) => `What did the ${thing} report of ${month} ${String(year)} say?`;
    return { one: ask(one), other: ask(other) };
  },
  year(random) {
    const [year, name, thing] = [1950 + random(70), pick(random, names), pick(random, things)];
    const ask = (value: number) => `Who owned the ${name} ${thing} in ${String(value)}?`;
    return { one: ask(year), other: ask(year + 1 + random(9)) };
  },
  name(random) {
    const [one, other] = two(random, names);
    const [frame, thing] = [pick(random, frames), pick(random, things)];
    return {
      one: frame(`${one} ${thing}`, "inspect"),
      other: frame(`${other} ${thing}`, "inspect"),
    };
  },
  "lower-case-name"(random) {
    const [one, other] = two(random, names);
    const thing = pick(random, things);
    const ask = (name: string) => `what is the ${name.toLowerCase()} ${thing} made of`;
    return { one: ask(one), other: ask(other) };
  },
  negation(random) {
    const [name, thing] = [pick(random, names), pick(random, things)];
    const one = `Which parts of the ${name} ${thing} are insured?`;
    return {
      one,
      other: one.replace(
        "are insured",
        pick(random, ["are not insured", "aren't insured", "are never insured"]),
      ),
    };
  },
  order(random) {
    const [one, other] = two(random, names);
    const thing = pick(random, things);
    return {
      one: `How does the ${thing} get from ${one} to ${other}?`,
      other: `How does the ${thing} get from ${other} to ${one}?`,
    };
  },
  "order-of-sides"(random) {
    const [one, other] = two(random, things);
    const name = pick(random, names);
    return {
      one: `Does the ${name} ${one} control the ${other}?`,
      other: `Does the ${other} control the ${name} ${one}?`,
    };
  },
  "asked-for"(random) {
    const [one, other] = two(random, ["How long", "How much", "Who", "Where", "Why"]);
    const [name, thing] = [pick(random, names), pick(random, things)];
    const ask = (word: string) => `${word} is the ${name} ${thing} serviced?`;
    return { one: ask(one), other: ask(other) };
  },
};

/** mulberry32 (Tommy Ettinger): the same pairs for the same seed everywhere. */
function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Different pairs, each edit in turn. */
export function hardNegatives(count: number, seed: number): readonly HardNegative[] {
  const random = randomFrom(seed);
  const kinds = Object.entries(edits);
  return Array.from({ length: count }, (_, index) => {
    const [kind, edit] = pick(() => index % kinds.length, kinds);
    return { kind, ...edit(random) };
  });
}
