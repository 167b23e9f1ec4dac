/**
 * Push to talk: what one press of the button comes to. Told of presses and of sound, it says what goes to the server. Knows no DOM, no
 * microphone and no socket.
 */

import { RATE } from "./audio/pcm.js";

/** @import { ClientEvent } from "./wire.d.ts" */

/** A shorter press is a slip, or somebody who does not know yet that the button wants to be held. */
const PRESS_MIN_MS = 300;

/** Less sound than this the service does not take for a turn (100 ms). */
const SOUND_MIN = RATE / 10;

export class Push {
  /** @type {{ at: number, frames: number } | null} */
  #press = null;

  get held() {
    return this.#press !== null;
  }

  /**
   * @param {number} now milliseconds of a steady clock
   * @returns {ClientEvent[]} what was heard before is not part of the turn
   */
  press(now) {
    this.#press = { at: now, frames: 0 };
    return [{ type: "input_audio_buffer.clear" }];
  }

  /** @param {number} frames that were sent while it is held */
  sound(frames) {
    if (this.#press) this.#press.frames += frames;
  }

  /**
   * @param {number} now milliseconds of the same clock
   * @returns {{ taken: boolean, slip: boolean, events: ClientEvent[] }} taken: it was a turn; slip: it was let go of too soon to be one
   */
  release(now) {
    const press = this.#press;
    this.#press = null;
    const slip = press !== null && now - press.at < PRESS_MIN_MS;
    if (!press || slip || press.frames < SOUND_MIN) return { taken: false, slip, events: [{ type: "input_audio_buffer.clear" }] };
    return { taken: true, slip, events: [{ type: "input_audio_buffer.commit" }, { type: "response.create" }] };
  }

  /** The network or the microphone went away under it: no turn, and nothing to be said. */
  forget() {
    this.#press = null;
  }
}
