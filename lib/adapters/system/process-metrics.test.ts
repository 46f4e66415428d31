import { expect, it, vi } from "vitest";
import { watchProcess } from "./process-metrics.ts";

const countOf = (text: string, label: string): number =>
  Number(new RegExp(`^drover_event_loop_delay_seconds_${label} (\\d+)$`, "m").exec(text)?.[1]);

const untilCounted = (read: () => string, least: number): Promise<unknown> =>
  vi.waitUntil(() => countOf(read(), "count") >= least, { interval: 5, timeout: 5_000 });

it("counts a loop that was held up among the late ones", async () => {
  const watched = watchProcess();
  await untilCounted(watched.text, 3);
  const lateBefore = countOf(watched.text(), "count") - countOf(watched.text(), 'bucket{le="0.1"}');
  const seen = countOf(watched.text(), "count");
  const until = performance.now() + 250;
  while (performance.now() < until);
  await untilCounted(watched.text, seen + 1);
  const text = watched.text();
  const late = countOf(text, "count") - countOf(text, 'bucket{le="0.1"}');
  expect(late).toBeGreaterThan(lateBefore);
  expect(text).toMatch(/^drover_resident_memory_bytes \d{7,}$/m);
  watched.stop();
});
