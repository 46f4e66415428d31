import { AppError } from "../core/errors/app-error.ts";

/** One person's answers take turns: two run, five more wait. */
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

const mostRunning = 2;
const mostWaiting = 5;
const retryAfterMs = 5000;

interface Person {
  reserved: number;
  running: number;
  readonly line: (() => void)[];
}

export function createPersonTurns(): PersonTurns {
  const people = new Map<string, Person>();

  return {
    reserve(userId) {
      const person = people.get(userId) ?? { reserved: 0, running: 0, line: [] };
      if (person.reserved >= mostRunning + mostWaiting)
        throw new AppError("rate_limited", { retryAfterMs });
      people.set(userId, person);
      person.reserved += 1;
      return turnOf(person, () => {
        if (person.reserved === 0) people.delete(userId);
      });
    },
  };
}

function turnOf(person: Person, onEmpty: () => void): PersonTurn {
  let state: "reserved" | "running" | "left" = "reserved";
  const begin = (): void => {
    state = "running";
    person.running += 1;
  };
  return {
    ahead: () => (person.running < mostRunning ? 0 : person.line.length + 1),
    async enter(signal) {
      signal.throwIfAborted();
      if (person.running < mostRunning && person.line.length === 0) {
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
      if (person.running < mostRunning) person.line.shift()?.();
      onEmpty();
    },
  };
}
