/** Turns what the microphone delivers into frames of 30 ms of 16-bit PCM at 24 kHz, each with how loud it is. */

import { RATE, loudness, toPcm16 } from "./pcm.js";
import { Resampler } from "./resampler.js";

/** 30 ms: short enough for quick voice detection, long enough that a frame is not mostly envelope. */
const FRAME = (RATE * 30) / 1_000;

class RecorderProcessor extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(sampleRate, RATE);
    this.frame = new Float32Array(FRAME);
    this.filled = 0;
    this.going = true;
    this.port.onmessage = () => (this.going = false);
  }

  /** @param {Float32Array[][]} inputs one input, mixed down to one channel by the node */
  process(inputs) {
    const input = inputs[0]?.[0];
    if (input) this.add(this.resampler.push(input));
    return this.going;
  }

  /** @param {Float32Array} samples */
  add(samples) {
    let rest = samples;
    while (rest.length) {
      const part = rest.subarray(0, FRAME - this.filled);
      this.frame.set(part, this.filled);
      this.filled += part.length;
      rest = rest.subarray(part.length);
      if (this.filled === FRAME) this.give();
    }
  }

  give() {
    const pcm = toPcm16(this.frame);
    this.filled = 0;
    this.port.postMessage({ pcm, level: loudness(this.frame) }, [pcm.buffer]);
  }
}

registerProcessor("askaloud-recorder", RecorderProcessor);
