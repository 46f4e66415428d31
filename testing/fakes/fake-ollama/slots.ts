/** First in, first out permits, as a node hands out its slots. */
export interface Slots {
  /** Resolves with the function that gives the slot back; `null` when the caller left the line. */
  take(left: Promise<void>): Promise<(() => void) | null>;
  busy(): number;
}

export function createSlots(count: () => number): Slots {
  let taken = 0;
  const line: (() => void)[] = [];
  const next = (): void => {
    while (taken < count()) {
      const admit = line.shift();
      if (admit === undefined) return;
      taken += 1;
      admit();
    }
  };
  return {
    busy: () => taken,
    async take(left) {
      const admitted = new Promise<true>((resolve) => {
        line.push(() => {
          resolve(true);
        });
      });
      const [own] = line.slice(-1);
      next();
      const came = await Promise.race([admitted, left.then(() => false as const)]);
      if (!came) {
        const place = own === undefined ? -1 : line.indexOf(own);
        if (place >= 0) line.splice(place, 1);
        else void admitted.then(give);
        return null;
      }
      return give;
    },
  };
  function give(): void {
    taken -= 1;
    next();
  }
}
