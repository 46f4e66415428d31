import { describe, expect, it } from "vitest";
import { metricsText } from "./metrics-text.ts";

describe("metricsText", () => {
  it("writes families with their labels, whatever those hold", () => {
    const samples = [{ labels: { node: 'a"b\\c\nd' }, value: 2 }];
    const text = metricsText([{ name: "x_total", help: "Of x.", type: "counter", samples }], []);
    expect(text).toBe(
      '# HELP x_total Of x.\n# TYPE x_total counter\nx_total{node="a\\"b\\\\c\\nd"} 2\n',
    );
  });

  it("writes histograms cumulated, with their sum and count", () => {
    const series = [{ labels: {}, counts: [1, 2, 4], sum: 9.5 }];
    const text = metricsText([], [{ name: "t", help: "T.", bounds: [0.1, 1], series }]);
    expect(text.split("\n").slice(2)).toEqual([
      't_bucket{le="0.1"} 1',
      't_bucket{le="1"} 3',
      't_bucket{le="+Inf"} 7',
      "t_sum 9.5",
      "t_count 7",
      "",
    ]);
  });
});
