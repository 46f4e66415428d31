export type InstallPhase = "download" | "unpack" | "convert" | "verify";

/** What is going on, for a progress line. Absent numbers are not known yet. */
export interface InstallProgress {
  readonly model: string;
  readonly phase: InstallPhase;
  readonly bytes: number;
  readonly totalBytes?: number;
  readonly bytesPerSecond?: number;
  readonly secondsLeft?: number;
}

export type OnProgress = (progress: InstallProgress) => void;

/** Turns byte counts into progress with rate and rest; reports at most five times a second and phase. */
export const createProgress = (
  model: string,
  onProgress: OnProgress,
  nowMs: () => number,
): {
  readonly start: (
    phase: InstallPhase,
    totalBytes?: number,
    doneBytes?: number,
  ) => (bytes: number) => void;
} => ({
  start: (phase, totalBytes, doneBytes = 0) => {
    const startedMs = nowMs();
    let reportedMs = Number.NEGATIVE_INFINITY;
    const report = (bytes: number): void => {
      const now = nowMs();
      if (now - reportedMs < 200 && bytes !== totalBytes) return;
      reportedMs = now;
      const seconds = (now - startedMs) / 1000;
      const rate = seconds > 0.5 ? (bytes - doneBytes) / seconds : 0;
      onProgress({
        model,
        phase,
        bytes,
        ...(totalBytes === undefined ? {} : { totalBytes }),
        ...(rate > 0 ? { bytesPerSecond: Math.round(rate) } : {}),
        ...(rate > 0 && totalBytes !== undefined
          ? { secondsLeft: Math.ceil((totalBytes - bytes) / rate) }
          : {}),
      });
    };
    report(doneBytes);
    return report;
  },
});
