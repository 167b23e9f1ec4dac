/**
 * Plays the answer on the audio thread and counts what really left it. Told `write`, `end`, `drop`, `flush`, `pause`, `resume` and `report`;
 * tells `flushed` and, when asked and several times a second, `report`. A flush and a pause take effect before the next quantum of 128 frames.
 */

import { Ring } from "./ring.js";
import { RATE } from "./pcm.js";

/** Seconds of an answer that can wait: answers arrive faster than they are spoken, and the server holds back at most 60 s of them. */
const HELD_S = 150;

/** Frames to have before speaking begins (50 ms), so that the first hiccup of the network is not heard. */
const HEAD_START = RATE / 20;

/** Quanta between two reports while something is played (about 43 ms), and while nothing is (about 0.5 s). */
const REPORT_PLAYING = 8;
const REPORT_SILENT = 94;

class PlayerProcessor extends AudioWorkletProcessor {
  constructor() {
    super();
    this.ring = new Ring(HELD_S * RATE);
    this.playing = false;
    /** Silent, and the place is kept. */
    this.paused = false;
    this.quanta = 0;
    /** Frames since the start: all, given to us, played of those, not zero of those; times it ran dry; frames that did not fit. */
    this.counts = { rendered: 0, received: 0, played: 0, sounding: 0, underruns: 0, dropped: 0 };
    this.port.onmessage = ({ data }) => this.told(data);
  }

  /** @param {{ type: string, id: string, samples: Int16Array }} order */
  told({ type, id, samples }) {
    if (type === "write") {
      this.counts.received += samples.length;
      this.counts.dropped += this.ring.write(id, samples);
    }
    if (type === "end") this.ring.end(id);
    if (type === "drop") {
      this.ring.drop(id);
      this.playing = this.ring.length > 0;
      this.report();
    }
    if (type === "report") this.report(id);
    if (type === "pause" || type === "resume") this.paused = type === "pause";
    if (type === "flush") {
      const items = this.ring.flush();
      this.playing = this.paused = false;
      this.port.postMessage({ type: "flushed", items });
      this.report();
    }
  }

  /**
   * @param {Float32Array[][]} _inputs
   * @param {Float32Array[][]} outputs
   */
  process(_inputs, outputs) {
    const out = outputs[0]?.[0];
    if (!out) return true;
    const before = this.playing;
    this.counts.rendered += out.length;
    if (!this.paused && this.ready()) this.play(out);
    this.quanta += 1;
    if (before !== this.playing || this.quanta >= (this.playing ? REPORT_PLAYING : REPORT_SILENT)) this.report();
    return true;
  }

  /** Whether to play in this quantum: a head start, or all there will be. */
  ready() {
    this.ring.settle();
    return this.playing || this.ring.length >= HEAD_START || (this.ring.length > 0 && !this.ring.stretches.some((each) => !each.ended));
  }

  /** @param {Float32Array} out */
  play(out) {
    this.counts.played += this.ring.read(out);
    for (const sample of out) if (sample !== 0) this.counts.sounding += 1;
    if (this.ring.starved) this.counts.underruns += 1;
    this.playing = this.ring.length > 0;
  }

  /** @param {string | null} [asked] the id of the order that asked for it */
  report(asked = null) {
    this.quanta = 0;
    const first = this.ring.stretches[0];
    this.port.postMessage({ type: "report", asked, item: first?.id ?? null, itemPlayed: first?.played ?? 0, waiting: this.ring.length, ...this.counts });
  }
}

registerProcessor("askaloud-player", PlayerProcessor);
