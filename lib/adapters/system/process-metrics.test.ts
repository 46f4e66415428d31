import { expect, it } from "vitest";
import { watchProcess } from "./process-metrics.ts";

const countOf = (text: string, label: string): number =>
  Number(new RegExp(`^drover_event_loop_delay_seconds_${label} (\\d+)$`, "m").exec(text)?.[1]);

const untilCounted = async (read: () => string, least: number): Promise<void> => {
  while (countOf(read(), "count") < least) await new Promise((resolve) => setTimeout(resolve, 5));
};

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
