import { AppError } from "../core/errors/app-error.ts";

/** One person's answers take turns: some run, some more wait. */
export interface PersonTurns {
  /** Throws AppError `rate_limited` when the person has no place left. */
  reserve(userId: string): PersonTurn;
}

export interface PersonTurn {
  /** Waits until the answer may run; leaves at once with the signal's reason. */
  enter(signal: AbortSignal): Promise<void>;
  /** Places before it in the person's own line; 0 when it may run now. */
  ahead(): number;
  /** Gives the place back; once is enough. */
  leave(): void;
}

/** How many answers a person may have. */
export interface TurnLimits {
  readonly answersAtOnce: number;
  readonly answersWaiting: number;
}

const retryAfterMs = 5000;

interface Person {
  reserved: number;
  running: number;
  readonly line: (() => void)[];
}

/** @param limits asked at each use, so that a change holds from the next question on */
export function createPersonTurns(limits: () => TurnLimits): PersonTurns {
  const people = new Map<string, Person>();

  return {
    reserve(userId) {
      const person = people.get(userId) ?? { reserved: 0, running: 0, line: [] };
      const { answersAtOnce, answersWaiting } = limits();
      if (person.reserved >= answersAtOnce + answersWaiting)
        throw new AppError("rate_limited", { retryAfterMs });
      people.set(userId, person);
      person.reserved += 1;
      return turnOf(person, limits, () => {
        if (person.reserved === 0) people.delete(userId);
      });
    },
  };
}

function turnOf(person: Person, limits: () => TurnLimits, onEmpty: () => void): PersonTurn {
  const mayRun = (): boolean => person.running < limits().answersAtOnce;
  let state: "reserved" | "running" | "left" = "reserved";
  const begin = (): void => {
    state = "running";
    person.running += 1;
  };
  return {
    ahead: () => (mayRun() ? 0 : person.line.length + 1),
    async enter(signal) {
      signal.throwIfAborted();
      if (mayRun() && person.line.length === 0) {
        begin();
        return;
      }
      await new Promise<void>((resolve, reject) => {
        const admit = (): void => {
          signal.removeEventListener("abort", leave);
          begin();
          resolve();
        };
        const leave = (): void => {
          person.line.splice(person.line.indexOf(admit), 1);
          reject(signal.reason as Error);
        };
        person.line.push(admit);
        signal.addEventListener("abort", leave, { once: true });
      });
    },
    leave() {
      if (state === "left") return;
      if (state === "running") person.running -= 1;
      state = "left";
      person.reserved -= 1;
      while (person.line.length > 0 && mayRun()) person.line.shift()?.();
      onEmpty();
    },
  };
}
