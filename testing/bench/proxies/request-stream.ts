/** One request of a stream, the same for every contestant. */
export interface StreamRequest {
  /** From the start of the stream. */
  readonly atMs: number;
  readonly model: string;
  readonly prompt: string;
  readonly answerTokens: number;
  /** Who asks: a conversation or a person. */
  readonly client: string;
  /** Tokens of the prompt that this conversation has sent before. */
  readonly reusableTokens: number;
}

/** Even numbers in [0, 1) from a seed (mulberry32). */
export const createRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const words = (label: string, count: number): string =>
  Array.from({ length: count }, (_, at) => `${label}-${String(at)}`).join(" ");

interface Plan {
  readonly seed: number;
  readonly requests: number;
  readonly perSecond: number;
}

const arrivals = ({ requests, perSecond }: Plan, random: () => number): readonly number[] => {
  let at = 0;
  return Array.from(
    { length: requests },
    () => (at += (-1000 * Math.log(1 - random())) / perSecond),
  );
};

const shortPrompt = 60;
const longPrompt = 1500;
const shares = { short: 0.6, medium: 0.3 };

const mixedLength = (random: () => number): number => {
  const pick = random();
  if (pick < shares.short) return shortPrompt + Math.floor(random() * 140);
  return pick < shares.short + shares.medium ? 300 + Math.floor(random() * 400) : longPrompt;
};

/** Questions of all sizes, one after another without a common start, over models by their share. */
export function mixedStream(
  plan: Plan,
  models: Readonly<Record<string, number>>,
): readonly StreamRequest[] {
  const random = createRandom(plan.seed);
  const times = arrivals(plan, random);
  return times.map((atMs, index) => {
    let left = random();
    const model =
      Object.entries(models).find(([, share]) => (left -= share) < 0)?.[0] ??
      Object.keys(models)[0] ??
      "";
    return {
      atMs,
      model,
      prompt: words(`q${String(index)}`, mixedLength(random)),
      answerTokens: 20 + Math.floor(random() * 40),
      client: `person-${String(index % 20)}`,
      reusableTokens: 0,
    };
  });
}

/** Conversations that grow turn by turn behind one common system prompt. */
export function sessionStream(
  plan: Plan,
  model: string,
  sessions: number,
): readonly StreamRequest[] {
  const random = createRandom(plan.seed);
  const times = arrivals(plan, random);
  const histories = new Map<number, string>();
  const system = words("system", 100);
  return times.map((atMs, index) => {
    const session = Math.floor(random() * sessions);
    const before = histories.get(session);
    const turn = words(`s${String(session)}-${String(index)}`, 150 + Math.floor(random() * 250));
    const prompt = `${before ?? system} ${turn}`;
    const longest = 3000;
    const isOver = prompt.split(" ").length > longest;
    if (isOver) histories.delete(session);
    else histories.set(session, prompt);
    return {
      atMs,
      model,
      prompt,
      answerTokens: 20 + Math.floor(random() * 40),
      client: `session-${String(session)}`,
      reusableTokens: (before ?? system).split(" ").length,
    };
  });
}
