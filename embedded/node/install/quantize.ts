const floatBits = new Float32Array(1);
const intBits = new Uint32Array(floatBits.buffer);

/** Half-precision bits of a number, rounded to nearest, ties to even (IEEE 754). Not for NaN or infinity. */
export const toHalfBits = (value: number): number => {
  floatBits[0] = value;
  const bits = intBits[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 127;
  const fraction = bits & 0x7fffff;
  if (exponent > 15) return sign | 0x7c00;
  if (exponent < -25) return sign;
  // Below 2^-14 a half has no leading one: the mantissa is shifted further instead.
  const shift = exponent < -14 ? 13 + (-14 - exponent) : 13;
  const mantissa = exponent < -14 ? fraction | 0x800000 : fraction;
  const scaled = exponent < -14 ? 0 : (exponent + 15) << 10;
  const kept = mantissa >>> shift;
  const rest = mantissa & ((1 << shift) - 1);
  const middle = 1 << (shift - 1);
  const up = rest > middle || (rest === middle && (kept & 1) === 1);
  return sign | (scaled + kept + (up ? 1 : 0));
};

const blockElements = 32;
const blockBytes = 34;

const roundAwayFromZero = (value: number): number =>
  value < 0 ? -Math.floor(-value + 0.5) : Math.floor(value + 0.5);

/**
 * Quantises to Q8_0: per 32 numbers one half-precision scale (largest magnitude ÷ 127) and 32 signed bytes.
 *
 * @param values length divisible by 32
 * @see ggml quantize_row_q8_0 for the format
 */
export const quantizeQ8 = (values: Float32Array): Uint8Array => {
  const out = new Uint8Array((values.length / blockElements) * blockBytes);
  const view = new DataView(out.buffer);
  for (let block = 0; block < values.length / blockElements; block++) {
    const from = block * blockElements;
    let largest = 0;
    for (let i = 0; i < blockElements; i++)
      largest = Math.max(largest, Math.abs(values[from + i] ?? 0));
    const scale = Math.fround(largest / 127);
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
    const at = block * blockBytes;
    view.setUint16(at, toHalfBits(scale), true);
    for (let i = 0; i < blockElements; i++)
      view.setInt8(at + 2 + i, roundAwayFromZero(Math.fround((values[from + i] ?? 0) * inverse)));
  }
  return out;
};
