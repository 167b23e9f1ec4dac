/**
 * Changes the rate of a stream of samples, for microphones whose browser refuses to deliver 24 kHz. A windowed sinc in tabulated
 * phases: what the new rate cannot carry is filtered out, and however the stream is cut, the result is the same.
 */

/** Input samples on each side of an output sample when the rate rises; as many more as the rate falls. */
const HALF_WIDTH = 16;

/** Steps between two input samples for which the filter is tabulated: 256 keep the rounding of positions 50 dB below speech. */
const PHASES = 256;

/** The part of the band that passes; the rest is room for the filter's slope. */
const PASSED = 0.92;

export class Resampler {
  /**
   * @param {number} from frames per second of the input
   * @param {number} to frames per second of the output
   */
  constructor(from, to) {
    this.step = from / to;
    this.half = Math.ceil(HALF_WIDTH * Math.max(1, this.step));
    this.table = from === to ? null : tabulate(this.half, PASSED / Math.max(1, this.step));
    /** Input that is still needed; it begins with silence, so that the first output sample has a past. */
    this.kept = new Float32Array(this.half);
    /** Where the next output sample lies in `kept`, in input samples. */
    this.position = this.half;
  }

  /**
   * @param {Float32Array} input
   * @returns {Float32Array} what can be told by now; the newest few samples wait for their neighbours
   */
  push(input) {
    if (!this.table) return input;
    const all = new Float32Array(this.kept.length + input.length);
    all.set(this.kept);
    all.set(input, this.kept.length);
    const output = new Float32Array(Math.max(0, Math.ceil((all.length - this.half - this.position) / this.step)));
    let made = 0;
    while (this.position + this.half < all.length && made < output.length) {
      output[made++] = this.sampleAt(all, this.position);
      this.position += this.step;
    }
    const drop = Math.max(0, Math.floor(this.position) - this.half);
    this.kept = all.slice(drop);
    this.position -= drop;
    return output.subarray(0, made);
  }

  /**
   * @param {Float32Array} samples
   * @param {number} position
   */
  sampleAt(samples, position) {
    const whole = Math.floor(position);
    const weights = this.table?.[Math.floor((position - whole) * PHASES)] ?? new Float32Array();
    const first = whole - this.half + 1;
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += (weights[i] ?? 0) * (samples[first + i] ?? 0);
    return sum;
  }
}

/**
 * The filter's weights for each phase, each set adding up to one.
 *
 * @param {number} half taps on each side
 * @param {number} band the share of the input's band that passes
 */
function tabulate(half, band) {
  return Array.from({ length: PHASES }, (_, phase) => {
    const weights = new Float32Array(2 * half);
    let total = 0;
    for (let i = 0; i < weights.length; i++) {
      const distance = i - half + 1 - phase / PHASES;
      const angle = Math.PI * distance * band;
      const sinc = Math.abs(angle) < 1e-9 ? 1 : Math.sin(angle) / angle;
      weights[i] = sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / half));
      total += weights[i] ?? 0;
    }
    return weights.map((weight) => weight / total);
  });
}
