import { metricsText } from "../../core/capacity/metrics-text.ts";

/** How this process itself does, in Prometheus' text format. */
export interface ProcessMetrics {
  readonly text: () => string;
  readonly stop: () => void;
}

const everyMs = 20;
const boundsSeconds = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5] as const;

/** Watches how late the event loop runs what is due, fifty times a second: whatever holds it up holds every request up. */
export function watchProcess(): ProcessMetrics {
  const counts = Array.from({ length: boundsSeconds.length + 1 }, () => 0);
  let sum = 0;
  let dueMs = performance.now() + everyMs;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const late = Math.max(0, nowMs - dueMs) / 1_000;
    const found = boundsSeconds.findIndex((bound) => late <= bound);
    const bucket = found < 0 ? boundsSeconds.length : found;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    sum += late;
    dueMs = nowMs + everyMs;
  }, everyMs);
  timer.unref();
  return {
    text: () =>
      metricsText(
        [
          {
            name: "drover_resident_memory_bytes",
            help: "Memory of the web process.",
            type: "gauge",
            samples: [{ labels: {}, value: process.memoryUsage.rss() }],
          },
        ],
        [
          {
            name: "drover_event_loop_delay_seconds",
            help: "How late the event loop ran what was due.",
            bounds: boundsSeconds,
            series: [{ labels: {}, counts, sum }],
          },
        ],
      ),
    stop() {
      clearInterval(timer);
    },
  };
}
