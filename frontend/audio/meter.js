/** How a microphone's loudness is shown, and when it says that somebody is heard. Knows numbers only. */

/** Loudness of clear speech at the microphone; at this and above a meter is at its widest. */
const FULL = 0.22;

/** Loudness of quiet speech an arm's length away; an empty room with its gain turned up stays below. */
const SPEECH = 0.02;

/** Frames of 30 ms in a row that a cough or a knock on the table does not fill. */
const HEARD_FRAMES = 6;

/**
 * @param {number} level the root of the mean square, 0 to 1
 * @returns {number} how much of a meter it fills, 0 to 1
 */
export function shown(level) {
  return Math.min(1, level / FULL);
}

/** Listens for somebody, frame by frame. */
export class Ear {
  /** Somebody was heard. */
  heard = false;
  #run = 0;

  /** @param {number} level of a frame of 30 ms */
  hear(level) {
    this.#run = level >= SPEECH ? this.#run + 1 : 0;
    this.heard ||= this.#run >= HEARD_FRAMES;
  }

  forget() {
    this.heard = false;
    this.#run = 0;
  }
}
