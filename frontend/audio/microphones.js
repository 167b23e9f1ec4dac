/**
 * Which microphones there are, which one the person chose, and whether it hears them: by the conversation's own recorder while that is
 * on, else by one that listens and sends nothing. Knows no element.
 */

import { Ear } from "./meter.js";
import { ABANDONED, MicrophoneError } from "./recorder.js";

/** @import { Recorder } from "./recorder.js" */
/** @typedef {{ id: string, label: string }} Microphone */

const KEPT = "askaloud.microphone";

/** More than these nobody has plugged in. */
const LISTED_MAX = 32;

/** Chromium lists these beside the devices that they stand for; the choice of none in particular says the same. */
const STAND_FOR_OTHERS = new Set(["", "default", "communications"]);

/** @returns {string | null} the browser's id of the one that was chosen on an earlier visit */
export function keptMicrophone() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // a browser may forbid storage; then a choice lasts as long as the page
  }
}

/** Fires `change` when the list, the choice, or what is heard is another, and `level` (detail: 0 to 1) for each frame. */
export class Microphones extends EventTarget {
  /** @type {Microphone[]} empty until one was allowed: a browser names none before */
  list = [];
  /** Somebody listens without sending. */
  trying = false;
  /** Why that did not work: the code of a sentence. */
  problem = /** @type {string | null} */ (null);
  #ear = new Ear();

  /**
   * @param {Recorder} recorder the conversation's
   * @param {Recorder} trial one for trying
   */
  constructor(recorder, trial) {
    super();
    this.recorder = recorder;
    this.trial = trial;
    for (const each of [recorder, trial]) {
      each.addEventListener("frame", (event) => this.#hear(/** @type {CustomEvent<{ level: number }>} */ (event).detail.level));
      each.addEventListener("replaced", () => this.#fail("microphone_replaced"));
    }
    trial.addEventListener("lost", () => {
      this.trying = false;
      this.#fail("microphone_lost");
    });
    navigator.mediaDevices?.addEventListener("devicechange", () => void this.look());
  }

  get chosen() {
    return this.recorder.device;
  }

  /** Somebody was heard since the choice was made or a trial begun. */
  get heard() {
    return this.#ear.heard;
  }

  /** See which there are. */
  async look() {
    const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    const named = devices.filter(({ kind, deviceId }) => kind === "audioinput" && !STAND_FOR_OTHERS.has(deviceId));
    this.list = named.slice(0, LISTED_MAX).map(({ deviceId: id, label }) => ({ id, label }));
    this.#changed();
  }

  /** @param {string | null} id null: none in particular */
  async choose(id) {
    keep(id);
    this.#begin();
    await Promise.all([this.recorder, this.trial].map((each) => each.use(id)));
    this.#changed();
  }

  /** Listen, and send nothing. */
  async try() {
    if (this.trying) return;
    this.#begin();
    this.trying = true;
    this.trial.device = this.chosen;
    this.#changed();
    try {
      await this.trial.start();
    } catch (error) {
      if (error instanceof MicrophoneError && error.code === ABANDONED) return;
      this.trying = false;
      this.#fail(error instanceof MicrophoneError ? error.code : "microphone_failed");
    }
    await this.look(); // now they have names
  }

  /** Enough. */
  leave() {
    this.trial.stop();
    this.trying = false;
    this.#begin();
    this.#changed();
  }

  #begin() {
    this.problem = null;
    this.#ear.forget();
  }

  /** @param {number} level */
  #hear(level) {
    const before = this.heard;
    this.#ear.hear(level);
    this.dispatchEvent(new CustomEvent("level", { detail: level }));
    if (this.heard !== before) this.#changed();
  }

  /** @param {string} code */
  #fail(code) {
    this.problem = code;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {string | null} id */
function keep(id) {
  try {
    if (id) localStorage.setItem(KEPT, id);
    else localStorage.removeItem(KEPT);
  } catch {
    // as above
  }
}
