import { LlamaGrammarEvaluationState } from "node-llama-cpp";
import type {
  LlamaContextSequence,
  LlamaGrammar,
  LlamaModel,
  SequenceEvaluateOptions,
  Token,
} from "node-llama-cpp";
import type { NativeGarbage } from "./native-garbage.ts";
import type { PrefillPace } from "./prefill-pace.ts";
import { createRawSampler } from "./raw-sampler.ts";
import type { RunOptions, Sampling } from "./run-options.ts";
import { createTextAssembler } from "./text-assembler.ts";

export interface TokenLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly bytes: readonly number[];
}

export interface ChosenLogprob extends TokenLogprob {
  readonly top_logprobs?: readonly TokenLogprob[];
}

export interface TextChunk {
  readonly text: string;
  readonly logprobs?: readonly ChosenLogprob[];
}

export interface GenerateRequest {
  readonly tokens: readonly Token[];
  readonly options: RunOptions;
  readonly stop: readonly string[];
  /** Makes room by dropping the older half when the window is full; without it the answer ends there. */
  readonly shift: boolean;
  /** Log probabilities of each token and of this many likeliest ones. */
  readonly topLogprobs: number | undefined;
  /** What the text must keep to; undefined = anything. */
  readonly grammar: LlamaGrammar | undefined;
}

export interface GenerateResult {
  readonly doneReason: "stop" | "length";
  readonly promptTokens: number;
  /** Of these, how many the slot still held. */
  readonly cachedTokens: number;
  readonly promptMs: number;
  readonly evalTokens: number;
  readonly evalMs: number;
  readonly generated: readonly Token[];
  /** Text and log probabilities that no chunk carried. */
  readonly rest: TextChunk;
}

interface Engine {
  readonly model: LlamaModel;
  readonly sequence: LlamaContextSequence;
  readonly pace: PrefillPace;
  readonly garbage: NativeGarbage;
  readonly numCtx: number;
  /** Tokens given to the engine at once, at most. */
  readonly numBatch: number;
}

/** Answers without a limit of the caller's still end: ten windows, as Ollama bounds them. */
const windowsWithoutLimit = 10;

const penaltyOf = (
  sampling: Sampling,
  numCtx: number,
  seen: () => readonly Token[],
): Pick<SequenceEvaluateOptions, "repeatPenalty"> => {
  const { repeatPenalty, presencePenalty, frequencyPenalty, repeatLastN } = sampling;
  if ((repeatPenalty === 1 && presencePenalty === 0 && frequencyPenalty === 0) || repeatLastN === 0)
    return {};
  const last = repeatLastN < 0 ? numCtx : repeatLastN;
  return {
    repeatPenalty: {
      punishTokens: () => seen().slice(-last),
      maxPunishTokens: last,
      penalty: repeatPenalty,
      presencePenalty,
      frequencyPenalty,
    },
  };
};

const evaluateOptions = (
  engine: Engine,
  request: GenerateRequest,
  seen: () => readonly Token[],
): SequenceEvaluateOptions => {
  const { sampling, numKeep } = request.options;
  return {
    temperature: request.topLogprobs === undefined ? sampling.temperature : 0,
    topK: sampling.topK,
    topP: sampling.topP,
    minP: sampling.minP,
    seed: sampling.seed,
    yieldEogToken: true,
    ...(request.grammar === undefined
      ? {}
      : {
          grammarEvaluationState: new LlamaGrammarEvaluationState({
            model: engine.model,
            grammar: request.grammar,
          }),
        }),
    ...penaltyOf(sampling, engine.numCtx, seen),
    contextShift: {
      strategy: ({ sequence }) => {
        const start = Math.min(numKeep, sequence.nextTokenIndex - 2);
        return [
          { start, end: start + Math.max(1, Math.floor((sequence.nextTokenIndex - start) / 2)) },
        ];
      },
    },
  };
};

/**
 * Brings the slot to hold all of the prompt but its last token, reusing what it holds already. Looks at the signal
 * between batches; whatever was evaluated until then stays consistent and is reused by the next request.
 */
const prefill = async (
  engine: Engine,
  tokens: readonly Token[],
  signal: AbortSignal,
): Promise<number> => {
  const { sequence, pace } = engine;
  const shared = sequence.compareContextTokens([...tokens]).firstDifferentIndex;
  const cached = Math.min(shared, tokens.length - 1);
  if (cached === 0) await sequence.clearHistory();
  else await sequence.eraseContextTokenRanges([{ start: cached, end: sequence.nextTokenIndex }]);
  for (let at = cached; at < tokens.length - 1;) {
    signal.throwIfAborted();
    const most = Math.min(pace.nextBatchTokens(), engine.numBatch);
    const batch = tokens.slice(at, Math.min(at + most, tokens.length - 1));
    const startedMs = performance.now();
    engine.garbage.countCall();
    await sequence.evaluateWithoutGeneratingNewTokens(batch);
    pace.measured(batch.length, performance.now() - startedMs);
    at += batch.length;
  }
  signal.throwIfAborted();
  return cached;
};

const describeToken = (model: LlamaModel, token: Token, probability: number): TokenLogprob => {
  const text = model.detokenize([token], true);
  return { token: text, logprob: Math.log(probability), bytes: [...Buffer.from(text, "utf8")] };
};

const describeChoice = (
  model: LlamaModel,
  chosen: Token,
  likeliest: readonly (readonly [Token, number])[],
  top: number,
): ChosenLogprob => {
  const probability = likeliest.find(([token]) => token === chosen)?.[1] ?? 0;
  const described = describeToken(model, chosen, probability);
  if (top === 0) return described;
  return {
    ...described,
    top_logprobs: likeliest
      .slice(0, top)
      .map(([token, value]) => describeToken(model, token, value)),
  };
};

interface Step {
  readonly token: Token;
  readonly logprob?: ChosenLogprob;
}

/** The tokens one after another, endless; the caller stops asking. */
async function* decode(
  engine: Engine,
  request: GenerateRequest,
  seen: Token[],
): AsyncGenerator<Step> {
  const options = evaluateOptions(engine, request, () => seen);
  const last = request.tokens.slice(-1);
  engine.garbage.countCall();
  if (request.topLogprobs === undefined) {
    for await (const token of engine.sequence.evaluate(last, options)) {
      seen.push(token);
      yield { token };
    }
    return;
  }
  const sample = createRawSampler(request.options.sampling);
  const steps = engine.sequence.evaluateWithMetadata(last, { probabilities: true }, options);
  try {
    let step = await steps.next();
    while (step.done !== true) {
      const likeliest = [...step.value.probabilities];
      const token = sample(likeliest) ?? step.value.token;
      seen.push(token);
      yield { token, logprob: describeChoice(engine.model, token, likeliest, request.topLogprobs) };
      step = await steps.next(token);
    }
  } finally {
    await steps.return();
  }
}

const limitOf = (engine: Engine, request: GenerateRequest): number =>
  request.options.numPredict > 0 ? request.options.numPredict : windowsWithoutLimit * engine.numCtx;

/** Runs one request on a slot that is its own. @throws the signal's reason when it is aborted */
export async function* generate(
  engine: Engine,
  request: GenerateRequest,
  signal: AbortSignal,
): AsyncGenerator<TextChunk, GenerateResult> {
  const { model, sequence } = engine;
  const startedMs = performance.now();
  const cachedTokens = await prefill(engine, request.tokens, signal);
  const seen = [...request.tokens];
  const limit = limitOf(engine, request);
  const assembler = createTextAssembler<Token>(
    (tokens) => model.detokenize([...tokens], false),
    request.stop,
  );
  let firstTokenMs = 0;
  let evalTokens = 0;
  let logprobs: ChosenLogprob[] = [];
  let doneReason: GenerateResult["doneReason"] = "length";
  const chunkOf = (text: string): TextChunk =>
    request.topLogprobs === undefined ? { text } : { text, logprobs: logprobs.splice(0) };
  for await (const { token, logprob } of decode(engine, request, seen)) {
    if (evalTokens === 0) firstTokenMs = performance.now();
    evalTokens++;
    signal.throwIfAborted();
    if (model.isEogToken(token)) {
      doneReason = "stop";
      break;
    }
    if (logprob !== undefined) logprobs = [...logprobs, logprob];
    const { text, stopped } = assembler.add(token);
    if (text !== "") yield chunkOf(text);
    if (stopped) doneReason = "stop";
    if (stopped || evalTokens >= limit) break;
    if (!request.shift && sequence.nextTokenIndex >= engine.numCtx - 1) break;
  }
  const endedMs = performance.now();
  return {
    doneReason,
    promptTokens: request.tokens.length,
    cachedTokens,
    promptMs: firstTokenMs - startedMs,
    evalTokens,
    evalMs: endedMs - firstTokenMs,
    generated: seen.slice(request.tokens.length),
    rest: chunkOf(doneReason === "stop" ? "" : assembler.end()),
  };
}
