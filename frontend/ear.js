/**
 * The person's voice on its way to the server: when the microphone is asked for, opened and let go of, which of its frames are said, and
 * what a press of the button comes to. Knows nothing of answers, and no DOM.
 */

import { toBase64, RATE } from "./audio/pcm.js";
import { ABANDONED, MicrophoneError } from "./audio/recorder.js";
import { pushes } from "./conversation.js";
import { Push } from "./push.js";

/** @import { State } from "./conversation.js" */
/** @import { Line } from "./line.js" */
/** @import { Recorder } from "./audio/recorder.js" */
/** @import { ClientEvent, PageEvent } from "./wire.d.ts" */
/** @typedef {{ pcm: Int16Array<ArrayBuffer>, level: number }} Frame 30 ms of the microphone */
/** @typedef {{ state: () => State, tell: (event: PageEvent) => void }} Talk what the conversation has come to, and how it is told what happened */

/** Silence sent after the microphone was closed or lost, so that the voice detection finds the end of a sentence that was being spoken. */
const LAST_SILENCE_S = 1;

/** Between two presses the microphone stays open for so long, so that the first word of the next is not lost while it opens. */
const WARM_MS = 20_000;

/** The browser's question for the microphone may be waved away and never answered: after so long a press asks again. */
const ASKED_MS = 3_000;

/** Frames of a press that wait for the conversation to begin: 12 s of them, the time after which a socket that says nothing is given up. */
const EARLY_MAX = 400;

/** Fires `level` (detail: 0 to 1) for each frame that is heard. */
export class Ear extends EventTarget {
  #push = new Push();
  /** What was said in presses that began before the conversation did. */
  #early = /** @type {ClientEvent[]} */ ([]);
  /** A sentence was ended while nobody could hear that. */
  #unended = false;
  /** When the person was last asked for the microphone, by a steady clock. */
  #askedAt = 0;
  #cooling = 0;
  /** Frames, for measuring. */
  recorded = 0;

  /**
   * @param {Recorder} recorder
   * @param {Line} line
   * @param {Talk} talk
   */
  constructor(recorder, line, talk) {
    super();
    this.recorder = recorder;
    this.line = line;
    this.talk = talk;
    recorder.addEventListener("frame", (event) => this.#record(/** @type {CustomEvent<Frame>} */ (event).detail));
    recorder.addEventListener("lost", () => {
      this.#endSentence();
      this.#gone("microphone_lost");
    });
  }

  /** The button is held at this moment. */
  get held() {
    return this.#push.held;
  }

  /** Whether the person is being asked for the microphone, and may be expected to answer. */
  get asking() {
    return this.#state.microphone === "asking" && performance.now() - this.#askedAt < ASKED_MS;
  }

  get #state() {
    return this.talk.state();
  }

  /** Ask for the microphone. */
  async open() {
    this.#askedAt = performance.now();
    this.talk.tell({ type: "page.microphone", state: "asking" });
    try {
      await this.recorder.start();
    } catch (error) {
      if (error instanceof MicrophoneError && error.code === ABANDONED) return;
      this.#gone(error instanceof MicrophoneError ? error.code : "microphone_failed");
      return;
    }
    if (this.#state.connection === "closed") {
      this.recorder.stop(); // nobody would listen
      return;
    }
    this.talk.tell({ type: "page.microphone", state: "on" });
    this.#warm(); // whoever asked may have let go long ago
  }

  /** Let go of the microphone, in mid-sentence or not. */
  close() {
    this.drop();
    clearTimeout(this.#cooling);
    this.recorder.stop();
    if (!pushes(this.#state)) this.#endSentence();
    this.talk.tell({ type: "page.microphone", state: "off" });
  }

  /** The button is held from now on. */
  press() {
    clearTimeout(this.#cooling);
    this.#early = this.#early.length > EARLY_MAX ? [] : this.#early.filter(({ type }) => type !== "response.create"); // a press stops the answer
    for (const event of this.#push.press(performance.now())) this.#say(event);
    this.talk.tell({ type: "page.pressed" });
    if (this.#state.microphone !== "on" && !this.asking) void this.open();
  }

  /**
   * And no longer: what was said is a turn, unless it was too little to be one.
   *
   * @returns {boolean} whether the person let go too soon
   */
  release() {
    if (!this.held) return false;
    const { taken, slip, events } = this.#push.release(performance.now());
    for (const event of events) this.#say(event);
    this.talk.tell({ type: "page.released", taken });
    this.#warm();
    return slip && this.#state.microphone !== "asking";
  }

  /** A press that is under way is none after all. */
  drop() {
    if (!this.held) return;
    this.forget();
    this.#say({ type: "input_audio_buffer.clear" });
    this.talk.tell({ type: "page.released", taken: false });
  }

  /** The conversation in which the button was pressed is away, or is left: nothing more is said in it. */
  forget() {
    this.#unsay();
    this.#warm();
  }

  /** @param {boolean} resumed the conversation goes on; else it begins, and what was said early is said now */
  greeted(resumed) {
    for (const event of this.#early.splice(0)) this.line.send(event); // all of it, however fast the network is
    if (this.#unended && resumed) this.#endSentence();
    this.#unended = false;
    this.#warm(); // only now is it known whether the server finds the end of a turn, or wants the button held
  }

  /** Nobody listens any more. */
  end() {
    this.#unsay();
    this.#unended = false;
    clearTimeout(this.#cooling);
    this.recorder.stop();
  }

  /** A press that is under way, and what it has said to nobody yet, is not meant any more. */
  #unsay() {
    this.#push.forget();
    this.#early = [];
  }

  /** @param {ClientEvent} event of a press: said now, or when the conversation has begun */
  #say(event) {
    if (this.#state.connection === "open") this.line.send(event);
    else if (this.#state.connection === "connecting") this.#early.push(event);
  }

  /** @param {Frame} frame */
  #record({ pcm, level }) {
    this.recorded += pcm.length;
    if (!this.held && pushes(this.#state)) return;
    if (this.#carried(pcm)) this.#push.sound(pcm.length);
    this.dispatchEvent(new CustomEvent("level", { detail: level }));
  }

  /**
   * What nobody hears now is not said later, but for a press, whose words are a turn.
   *
   * @param {Int16Array<ArrayBuffer>} pcm
   * @returns {boolean} whether it was said, or will be
   */
  #carried(pcm) {
    const { connection } = this.#state;
    if (connection === "open") return this.line.sendAudio(toBase64(pcm));
    if (connection !== "connecting" || !this.held || this.#early.length > EARLY_MAX) return false;
    this.#early.push({ type: "input_audio_buffer.append", audio: toBase64(pcm) });
    return true;
  }

  /** From now on the microphone stays open for a while, for the next press. */
  #warm() {
    clearTimeout(this.#cooling);
    if (this.#isIdle()) this.#cooling = setTimeout(() => this.#isIdle() && this.close(), WARM_MS);
  }

  /** Whether the microphone is open for a press that may still come. */
  #isIdle() {
    return pushes(this.#state) && !this.held && this.#state.microphone === "on";
  }

  #endSentence() {
    if (this.#state.connection === "open") this.line.sendAudio(toBase64(new Int16Array(LAST_SILENCE_S * RATE)));
    else this.#unended = true;
  }

  /** @param {string} code why there is no microphone */
  #gone(code) {
    this.#unsay();
    if (this.#state.held) this.talk.tell({ type: "page.released", taken: false });
    this.talk.tell({ type: "page.microphone", state: "off" });
    this.talk.tell({ type: "page.notice", code });
  }
}
