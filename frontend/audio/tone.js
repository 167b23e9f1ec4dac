/**
 * The quiet sound of a search that takes long: two soft notes, again and again, made here and read from no file. Knows how it sounds,
 * and not when it is wanted.
 */

/** The highest sample, of 1: some 20 dB below a speaking voice, so that nobody has to raise theirs. */
const PEAK = 0.035;

/** From one pair of notes to the next: slower than a ringing telephone, quick enough to be known for a sound that goes on. */
const PERIOD_S = 2.4;

/** G4 and, a fourth above, C5: a question that is still open. */
const NOTES = [
  { atS: 0, hertz: 392 },
  { atS: 0.34, hertz: 523.25 },
];

/** A note rises within this time and falls to a third within that: a soft mallet, no click. */
const RISE_S = 0.05;
const FALL_S = 0.3;

/** It ends within this time, which is less than one quantum at 24 kHz and yet no click. */
const FADE_S = 0.005;

export class Tone {
  /** @type {{ source: AudioBufferSourceNode, gain: GainNode } | null} */
  #sounding = null;

  /** Whether it was begun and not ended. */
  get sounding() {
    return this.#sounding !== null;
  }

  /**
   * Begin, if it has not begun. Where the browser holds sound back nothing is begun: it would come out late, when nobody waits any more.
   *
   * @param {AudioNode | null} output where the page's sound goes
   */
  start(output) {
    if (this.#sounding || output?.context.state !== "running") return;
    const { context } = output;
    const samples = chime(context.sampleRate);
    const buffer = context.createBuffer(1, samples.length, context.sampleRate);
    buffer.copyToChannel(samples, 0);
    const gain = new GainNode(context);
    const source = new AudioBufferSourceNode(context, { buffer, loop: true });
    source.connect(gain).connect(output);
    source.onended = () => gain.disconnect();
    source.start();
    this.#sounding = { source, gain };
  }

  /** End, if it has begun. */
  stop() {
    if (!this.#sounding) return;
    const { source, gain } = this.#sounding;
    this.#sounding = null;
    const now = gain.context.currentTime;
    gain.gain.setValueAtTime(1, now);
    gain.gain.linearRampToValueAtTime(0, now + FADE_S);
    source.stop(now + FADE_S);
  }
}

/**
 * One period of it; its end joins its beginning.
 *
 * @param {number} rate frames per second
 * @returns {Float32Array<ArrayBuffer>} samples between -1 and 1
 */
export function chime(rate) {
  const samples = new Float32Array(Math.round(PERIOD_S * rate));
  for (const { atS, hertz } of NOTES) {
    const lasts = PERIOD_S - atS;
    for (let i = Math.ceil(atS * rate); i < samples.length; i++) {
      const t = i / rate - atS;
      const envelope = Math.min(1, t / RISE_S) * Math.exp(-t / FALL_S) * (1 - t / lasts);
      samples[i] = (samples[i] ?? 0) + envelope * Math.sin(2 * Math.PI * hertz * t);
    }
  }
  const highest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return samples.map((sample) => (sample * PEAK) / highest);
}
