/**
 * The answer's sound that is still to be played: a ring of samples, and a list of which item each stretch belongs to, so that it
 * can always be told how much of an item was really played. Knows no audio graph; the worklet around it does.
 */

import { toFloat } from "./pcm.js";

/** @typedef {{ id: string, written: number, played: number, ended: boolean }} Stretch frames of one item */

export class Ring {
  /** @param {number} capacity frames that it holds; what does not fit is left out and counted by the caller */
  constructor(capacity) {
    this.samples = new Int16Array(capacity);
    this.start = 0;
    /** Frames that wait. */
    this.length = 0;
    /** @type {Stretch[]} */
    this.stretches = [];
    /** The item that broke off for want of room. */
    this.broken = /** @type {string | null} */ (null);
  }

  /** True when an item is not at its end and yet there is nothing to play. */
  get starved() {
    return this.length === 0 && this.stretches.some((stretch) => !stretch.ended);
  }

  /**
   * What does not fit is the end of its item: a later piece, for which there would be room again, is not heard as if nothing were missing
   * before it, and what was played stays a place in the item.
   *
   * @param {string} id the item
   * @param {Int16Array} samples
   * @returns {number} how many frames were left out
   */
  write(id, samples) {
    if (id === this.broken) return samples.length;
    const taken = Math.min(samples.length, this.samples.length - this.length);
    const end = (this.start + this.length) % this.samples.length;
    const first = Math.min(taken, this.samples.length - end);
    this.samples.set(samples.subarray(0, first), end);
    this.samples.set(samples.subarray(first, taken), 0);
    this.length += taken;
    this.stretch(id).written += taken;
    if (taken < samples.length) this.broken = id;
    return samples.length - taken;
  }

  /** @param {string} id the item that gets no more samples */
  end(id) {
    const stretch = this.stretches.find((each) => each.id === id);
    if (stretch) stretch.ended = true;
  }

  /**
   * Fill `out` with what is next, and with silence after it.
   *
   * @param {Float32Array} out
   * @returns {number} frames that were not silence for want of samples
   */
  read(out) {
    const count = Math.min(out.length, this.length);
    for (let i = 0; i < count; i++) out[i] = toFloat(this.samples[(this.start + i) % this.samples.length] ?? 0);
    out.fill(0, count);
    this.start = (this.start + count) % this.samples.length;
    this.length -= count;
    this.account(count);
    return count;
  }

  /**
   * Forget everything at once.
   *
   * @returns {{ id: string, played: number }[]} the items that had not been played to their end, with the frames that had
   */
  flush() {
    const cut = this.stretches.map(({ id, played }) => ({ id, played }));
    this.stretches = [];
    this.length = 0;
    return cut;
  }

  /**
   * Forget what is still to be played of one item; what comes after it moves up.
   *
   * @param {string} id
   */
  drop(id) {
    let at = 0;
    for (const stretch of this.stretches) {
      const rest = stretch.written - stretch.played;
      if (stretch.id === id) this.cut(at, rest);
      else at += rest;
    }
    this.stretches = this.stretches.filter((stretch) => stretch.id !== id);
  }

  /**
   * @param {number} from frames that stay before
   * @param {number} count
   */
  cut(from, count) {
    const size = this.samples.length;
    for (let i = from + count; i < this.length; i++) this.samples[(this.start + i - count) % size] = this.samples[(this.start + i) % size] ?? 0;
    this.length -= count;
  }

  /** Drop from the front the items that were played to their end. */
  settle() {
    while (this.stretches[0] && this.stretches[0].played === this.stretches[0].written && (this.stretches[0].ended || this.stretches.length > 1)) {
      this.stretches.shift();
    }
  }

  /** @param {number} count frames that were just played */
  account(count) {
    let rest = count;
    for (const stretch of this.stretches) {
      const share = Math.min(rest, stretch.written - stretch.played);
      stretch.played += share;
      rest -= share;
      if (!rest) break;
    }
    this.settle();
  }

  /** @param {string} id */
  stretch(id) {
    const last = this.stretches.at(-1);
    if (last?.id === id) return last;
    const made = { id, written: 0, played: 0, ended: false };
    this.stretches.push(made);
    return made;
  }
}
