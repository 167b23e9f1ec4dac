/**
 * A search that takes long: from when on the person is told that it does, and until when. Has the tone sound meanwhile, unless they read
 * or something else is to be heard. Follows the conversation and changes nothing in it.
 */

import { isSilenced } from "./conversation.js";

/** @import { Line } from "./line.js" */
/** @import { Talk } from "./talk.js" */
/** @import { Tone } from "./audio/tone.js" */
/** @import { ServerEvent } from "./wire.d.ts" */

/** The soft limit, where the server names none: silence of this length after a question makes people ask whether they were heard. */
const SOFT_MS = 1_500;

/** The first of an answer, spoken or written. */
const BEGINNINGS = new Set(["response.output_audio.delta", "response.output_text.delta"]);

/** Fires `change` when a search begins to take long, and when that is over. */
export class Lingering extends EventTarget {
  /** A search has passed the soft limit, and the answer is still to come. */
  long = false;
  #timer = 0;
  #softMs = SOFT_MS;
  /** The question that is searched for. */
  #question = /** @type {string | undefined} */ (undefined);

  /**
   * @param {Talk} talk
   * @param {Line} line
   * @param {Tone} tone
   * @param {() => AudioNode | null} output where the page's sound goes; null as long as it has none
   */
  constructor(talk, line, tone, output) {
    super();
    this.talk = talk;
    this.tone = tone;
    this.output = output;
    talk.addEventListener("change", () => this.#weigh());
    line.addEventListener("event", (event) => this.#hear(/** @type {CustomEvent<ServerEvent>} */ (event).detail));
  }

  #weigh() {
    const { state } = this.talk;
    const question = state.turns.findLast((turn) => turn.role === "user")?.id;
    const searching = state.searches.length > 0;
    const due = (searching || state.waiting || state.responding !== null) && !state.hearing && state.connection === "open";
    if (!due || question !== this.#question) this.#tell(false);
    this.#question = question;
    if (!due || !searching || this.long) this.#forget();
    else this.#timer ||= setTimeout(() => this.#tell(true), this.#softMs);
    this.#sound();
  }

  /** @param {ServerEvent} event */
  #hear(event) {
    if (event.type === "askaloud.conversation") this.#softMs = event.tone_after_ms ?? SOFT_MS;
    if (!this.long || !BEGINNINGS.has(event.type)) return;
    if ("response_id" in event && event.response_id && isSilenced(this.talk.state, event.response_id)) return;
    this.#tell(false);
  }

  #forget() {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  /** @param {boolean} long */
  #tell(long) {
    this.#forget();
    if (long === this.long) return;
    this.long = long;
    this.#sound();
    this.dispatchEvent(new Event("change"));
  }

  #sound() {
    const { paused, reading, speaking } = this.talk.state;
    if (this.long && !paused && !reading && speaking === null) this.tone.start(this.output());
    else this.tone.stop();
  }
}
