import { describe, expect, it } from "vitest";
import { readRunOptions } from "./run-options.ts";

describe("readRunOptions", () => {
  it("has Ollama's defaults and a seed of its own each time", () => {
    const { sampling, ...rest } = readRunOptions();
    expect(sampling).toMatchObject({
      temperature: 0.8,
      topK: 40,
      topP: 0.9,
      minP: 0,
      repeatLastN: 64,
      repeatPenalty: 1,
    });
    expect(rest).toEqual({ numPredict: -1, numKeep: 4, stop: [], numCtx: undefined });
    expect(sampling.seed).not.toBe(readRunOptions().sampling.seed);
  });

  it("cuts fractions of whole numbers, ignores unknown names and null", () => {
    expect(readRunOptions({ num_predict: 2.5, mirostat: 1, num_ctx: null, seed: 3 })).toMatchObject(
      {
        numPredict: 2,
        numCtx: undefined,
        sampling: { seed: 3 },
      },
    );
  });

  it.each([
    [{ temperature: "hot" }, 'option "temperature" must be of type float32'],
    [{ num_ctx: "big" }, 'option "num_ctx" must be of type integer'],
    [{ num_batch: true }, 'option "num_batch" must be of type integer'],
    [{ use_mmap: 1 }, 'option "use_mmap" must be of type boolean'],
    [{ stop: "x" }, 'option "stop" must be of type array'],
    [{ stop: [1] }, 'option "stop" must be of type of an array of strings'],
  ])("answers 500 for %j, as Ollama does", (options, message) => {
    expect(() => readRunOptions(options)).toThrow(
      expect.objectContaining({ status: 500, message }) as Error,
    );
  });

  it("refuses the one sampler that the engine lacks instead of ignoring it", () => {
    expect(readRunOptions({ typical_p: 1 }).sampling.topK).toBe(40);
    expect(() => readRunOptions({ typical_p: 0.5 })).toThrow(
      expect.objectContaining({ status: 400 }) as Error,
    );
  });
});
