/**
 * The answers as they are heard: gives their sound to the player and their words to the captions, and tells how far each has come.
 * Knows answers by their item's id; which of them may be heard is decided elsewhere.
 */

import { fromBase64 } from "./audio/pcm.js";
import { Captions } from "./captions.js";

/** @import { Cut, Player, Report } from "./audio/player.js" */
/** @typedef {{ id: string, characters: number }} Heard how much of an answer was; no end where all of it was */

/**
 * Fires `speaking` (detail: the item), `silent`, `heard` (detail: Heard) as an answer is played, `overfull` when the end of one had no room,
 * `blocked` when the browser does not let it sound, and `running` when it does.
 */
export class Speaker extends EventTarget {
  #captions = new Captions();
  /** The answer that sounds, as long as it is not known that it was cut off. */
  #sounding = /** @type {string | null} */ (null);
  #dropped = 0;
  /** The answer in hand when a part was found to have had no room. */
  #overfull = /** @type {string | null} */ (null);

  /** @param {Player} player */
  constructor(player) {
    super();
    this.player = player;
    player.addEventListener("speaking", (event) => this.#sounds(/** @type {CustomEvent<string>} */ (event).detail));
    player.addEventListener("silent", () => this.#sounds(null));
    player.addEventListener("report", (event) => this.#weigh(/** @type {CustomEvent<Report>} */ (event).detail));
    for (const name of ["blocked", "running"]) player.addEventListener(name, () => this.dispatchEvent(new Event(name)));
  }

  /** Whether the browser holds back what was begun. */
  get held() {
    return this.player.held;
  }

  /** Call it from a click or a key, or the browser may keep it silent. */
  start() {
    return this.player.start();
  }

  /**
   * @param {string} id
   * @param {string} audio base64
   */
  sound(id, audio) {
    if (this.player.mute) return; // then all of its words are there to be read, and none is still to be heard
    const samples = fromBase64(audio);
    if (this.#captions.sound(id, samples.length)) this.#tell(id, 0);
    this.player.write(id, samples);
  }

  /**
   * @param {string} id
   * @param {string} words a piece of what it says
   */
  words(id, words) {
    this.#captions.words(id, words);
  }

  /** @param {string} id the answer that gets no more sound */
  end(id) {
    this.#captions.end(id);
    this.player.end(id);
  }

  /** @param {string} id the answer that is taken back */
  drop(id) {
    this.player.drop(id);
  }

  /** @param {boolean} on be silent at once and keep the place, or go on from there */
  pause(on) {
    this.player.pause(on);
  }

  /**
   * Be silent at once.
   *
   * @returns {Promise<Cut[]>} the answers that were cut off
   */
  async silence() {
    const cut = await this.player.flush();
    for (const { id, played } of cut) {
      if (id === this.#sounding) this.#sounding = null;
      this.#tell(id, this.#captions.heard(id, played));
    }
    return cut;
  }

  /** Be silent at once; what was not heard is there to be read. */
  hush() {
    void this.player.flush().then((cut) => cut.forEach(({ id }) => this.#tell(id, Infinity)));
  }

  /** @param {string | null} id */
  #sounds(id) {
    if (this.#sounding !== null && this.#sounding !== id) this.#tell(this.#sounding, Infinity);
    this.#sounding = id;
    this.dispatchEvent(id === null ? new Event("silent") : new CustomEvent("speaking", { detail: id }));
  }

  /** @param {Report} report */
  #weigh({ dropped, item, itemPlayed }) {
    if (item !== null && item === this.#sounding) this.#tell(item, this.#captions.heard(item, itemPlayed));
    if (dropped > this.#dropped && (item === null || item !== this.#overfull)) {
      this.#overfull = item; // said once: nothing more of it is taken
      this.dispatchEvent(new Event("overfull"));
    }
    this.#dropped = dropped;
  }

  /**
   * @param {string} id
   * @param {number} characters
   */
  #tell(id, characters) {
    this.dispatchEvent(new CustomEvent("heard", { detail: { id, characters } }));
  }
}
