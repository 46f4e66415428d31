/** A span of time, or a point on the monotonic clock of `ports/clock.ts`. */
export type Milliseconds = number & { readonly unit: "ms" };

export const milliseconds = (value: number): Milliseconds => value as Milliseconds;

/** Ollama reports spans in nanoseconds; past the edge everything is milliseconds. */
export const fromNanoseconds = (nanoseconds: number): Milliseconds =>
  (nanoseconds / 1_000_000) as Milliseconds;
