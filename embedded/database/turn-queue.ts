export interface TurnQueue {
  /**
   * Runs `work` when it is this session's turn: first come first served, except that a session which left a transaction open goes
   * on until it has ended it. `work` answers whether a transaction is open after it.
   */
  readonly run: (sessionId: number, work: () => Promise<boolean>) => Promise<void>;
  /** Drops what the session has waiting. */
  readonly forget: (sessionId: number) => void;
  /** The session whose transaction is open. */
  readonly owner: () => number | undefined;
}

interface Turn {
  readonly sessionId: number;
  readonly work: () => Promise<boolean>;
  readonly settle: (error?: Error) => void;
}

/** One engine serves every connection, so one batch at a time may talk to it. */
export function createTurnQueue(): TurnQueue {
  let waiting: Turn[] = [];
  let owner: number | undefined;
  let busy = false;

  const takeNext = (): Turn | undefined => {
    const index = owner === undefined ? 0 : waiting.findIndex((turn) => turn.sessionId === owner);
    return index < 0 ? undefined : waiting.splice(index, 1)[0];
  };

  const drain = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    for (let turn = takeNext(); turn !== undefined; turn = takeNext()) {
      try {
        owner = (await turn.work()) ? turn.sessionId : undefined;
        turn.settle();
      } catch (error) {
        owner = undefined;
        turn.settle(error instanceof Error ? error : new Error(String(error)));
      }
    }
    busy = false;
  };

  return {
    run: (sessionId, work) =>
      new Promise((resolve, reject) => {
        const settle = (error?: Error): void => {
          if (error === undefined) resolve();
          else reject(error);
        };
        waiting.push({ sessionId, work, settle });
        void drain();
      }),
    forget: (sessionId) => {
      const dropped = waiting.filter((turn) => turn.sessionId === sessionId);
      waiting = waiting.filter((turn) => turn.sessionId !== sessionId);
      for (const turn of dropped) turn.settle(new Error("the client has left"));
    },
    owner: () => owner,
  };
}
