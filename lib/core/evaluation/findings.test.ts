import { describe, expect, it } from "vitest";
import { formatReport } from "./findings.ts";

describe("a report in the terminal", () => {
  it("names figures with their bounds, counts, and where they are explained", () => {
    const report = formatReport({
      ...{ kind: "retrieval", path: "golden", seconds: 12.34 },
      metrics: { "hybrid.ndcg@10": 0.5126, "slowest.ms": 41 },
      bounds: { "hybrid.ndcg@10": [0.4, 0.6] },
      counts: { questions: 40 },
    });
    expect(report.split("\n")).toEqual([
      "retrieval on golden (12.3 s)",
      "",
      "  figure          value    95 % bounds",
      "  hybrid.ndcg@10  0.513    0.400 … 0.600",
      "  slowest.ms      41",
      "",
      "  counted",
      "  questions       40",
      "",
      "What the figures mean: docs/evaluation.md, retrieval.",
    ]);
  });

  it("lists what went wrong, and says how much of it is left out", () => {
    const report = formatReport({
      ...{ kind: "documents", path: "files", seconds: 1 },
      ...{ metrics: { ok: 0.5 }, counts: {} },
      wrong: Array.from({ length: 22 }, (_, at) => ({
        file: `${String(at)}.pdf`,
        expected: "text",
      })),
    });
    expect(report).toContain("  wrong\n  file 0.pdf, expected text\n");
    expect(report).toContain("… and 2 more (--json)");
  });
});
