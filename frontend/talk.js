/**
 * One conversation as the page holds it: the socket, the microphone, the speaker and the state between them. What follows from what is
 * decided by the reducer; here it is carried out. Knows no DOM.
 */

import { toBase64, RATE } from "./audio/pcm.js";
import { ABANDONED, MicrophoneError } from "./audio/recorder.js";
import { sessionFor, unusual } from "./choices.js";
import { BEGINNING, busy, isSilenced, pushes, reduce } from "./conversation.js";
import { Push } from "./push.js";

/** @import { Closing } from "./client.js" */
/** @import { Choices } from "./choices.js" */
/** @import { Line } from "./line.js" */
/** @import { Speaker } from "./speaker.js" */
/** @import { Recorder } from "./audio/recorder.js" */
/** @import { ClientEvent, PageEvent, ServerEvent } from "./wire.d.ts" */

/** Silence sent after the microphone was closed or lost, so that the voice detection finds the end of a sentence that was being spoken. */
const LAST_SILENCE_S = 1;

/** Events, sound apart, that wait for a socket; and typed turns that wait for the word that they arrived. */
const UNSENT_KEPT = 8;

/** How long a brief notice stands: long enough to be read twice. */
const BRIEF_MS = 6_000;

/** Between two presses the microphone stays open for so long, so that the first word of the next is not lost while it opens. */
const WARM_MS = 20_000;

/** Fires `change` when the state changed, and `level` (detail: 0 to 1) for each frame of the microphone. */
export class Talk extends EventTarget {
  /** @type {ClientEvent[]} */
  #unsent = [];
  /** What the person typed, until the server says that it arrived: it is said again on a new socket, in the same words and ids. */
  #typed = /** @type {{ id: string, events: ClientEvent[] }[]} */ ([]);
  /** A sentence was ended while nobody could hear that. */
  #unended = false;
  /** @type {Choices} */
  #choices = { voice: null, push: false, reading: false };
  #push = new Push();
  #cooling = 0;
  #explaining = 0;
  /** Frames of answers that had been played when the last one was cut off, and frames recorded: for measuring. */
  counts = { cut: 0, recorded: 0 };

  /**
   * @param {Line} line
   * @param {Recorder} recorder
   * @param {Speaker} speaker
   */
  constructor(line, recorder, speaker) {
    super();
    this.state = BEGINNING;
    this.line = line;
    this.recorder = recorder;
    this.speaker = speaker;
    on(line, "event", (/** @type {ServerEvent} */ event) => this.#hear(event));
    on(line, "closed", (/** @type {Closing & { stayedAway: boolean }} */ closing) => this.#closed(closing));
    line.addEventListener("away", () => {
      this.#push.forget();
      this.speaker.pause(false); // whoever asked for it may never take it back
      this.#apply({ type: "page.away" });
    });
    line.addEventListener("settled", () => this.#sendTyped());
    on(recorder, "frame", (/** @type {{ pcm: Int16Array<ArrayBuffer>, level: number }} */ frame) => this.#record(frame));
    recorder.addEventListener("lost", () => {
      this.#endSentence();
      this.#microphoneGone("microphone_lost");
    });
    on(speaker, "speaking", (/** @type {string} */ item) => this.#apply({ type: "page.speaking", item_id: item }));
    speaker.addEventListener("silent", () => this.#apply({ type: "page.silent" }));
    speaker.addEventListener("overfull", () => this.#apply({ type: "page.notice", code: "answer_too_long" }));
    speaker.addEventListener("blocked", () => this.#apply({ type: "page.notice", code: "audio_blocked" }));
    speaker.addEventListener("running", () => this.dismiss("audio_blocked"));
  }

  /**
   * Connect.
   *
   * @param {{ fresh?: boolean }} [how] fresh: with an empty page, not under what was said before
   */
  begin({ fresh = false } = {}) {
    this.speaker.hush();
    this.#unsent = [];
    this.#typed = [];
    this.#apply({ type: "page.connecting", fresh });
    this.line.open();
  }

  /** Open the microphone, or close it. */
  async toggleMicrophone() {
    if (this.state.microphone === "asking") return;
    if (this.state.microphone === "on") {
      this.#closeMicrophone();
      return;
    }
    this.#wake();
    if (this.state.connection === "closed") this.begin();
    await this.#openMicrophone();
  }

  /** The button is held from now on: whatever is being said falls silent, and the person is heard. */
  press() {
    if (this.#push.held || this.state.connection === "away") return;
    this.#wake();
    if (this.state.connection === "closed") this.begin();
    if (busy(this.state)) this.#cut();
    clearTimeout(this.#cooling);
    for (const event of this.#push.press(performance.now())) this.#send(event);
    this.#apply({ type: "page.pressed" });
    if (this.state.microphone === "off") void this.#openMicrophone();
  }

  /** And no longer: what was said is a turn, unless it was too short to be one. */
  release() {
    if (!this.#push.held) return;
    const { taken, events } = this.#push.release(performance.now());
    for (const event of events) this.#send(event);
    this.#apply({ type: "page.released", taken });
    if (!taken && this.state.microphone !== "asking") this.#explain();
    clearTimeout(this.#cooling);
    this.#cooling = setTimeout(() => this.#cool(), WARM_MS);
  }

  /** That was too short a press. */
  #explain() {
    clearTimeout(this.#explaining);
    this.notify("hold_longer");
    this.#explaining = setTimeout(() => this.dismiss("hold_longer"), BRIEF_MS);
  }

  async #openMicrophone() {
    this.#apply({ type: "page.microphone", state: "asking" });
    try {
      await this.recorder.start();
      if (this.state.connection === "closed") this.recorder.stop(); // nobody would listen
      else this.#apply({ type: "page.microphone", state: "on" });
    } catch (error) {
      if (error instanceof MicrophoneError && error.code === ABANDONED) return;
      this.#microphoneGone(error instanceof MicrophoneError ? error.code : "microphone_failed");
    }
  }

  /** @param {string} text what the person typed; a turn like a spoken one */
  type(text) {
    this.#wake();
    if (this.state.connection === "closed") this.begin();
    if (busy(this.state)) this.#cut();
    const id = newId("item");
    this.#apply({ type: "page.typed", id, text });
    const item = { id, type: "message", role: "user", content: [{ type: "input_text", text }] };
    const events = [
      { type: "conversation.item.create", event_id: newId("page"), item },
      { type: "response.create", event_id: newId("page") },
    ];
    this.#typed = [...this.#typed, { id, events }].slice(-UNSENT_KEPT);
    if (this.state.connection === "open") for (const event of events) this.line.send(event);
  }

  /** Stop the answer: what is heard, and what is still being made. */
  stop() {
    if (!busy(this.state)) return;
    this.#cut();
    this.#apply({ type: "page.stopped" });
  }

  /** @param {Partial<Choices>} chosen what the person wants to be otherwise than before */
  choose(chosen) {
    this.#choices = { ...this.#choices, ...chosen };
    const { push, reading } = this.#choices;
    if (chosen.push !== undefined && this.state.microphone !== "off") this.#closeMicrophone();
    if (chosen.reading) this.speaker.hush(); // not cut short: the rest of it is read
    this.#apply({ type: "page.chosen", push, reading });
    if (this.state.connection === "open") this.#sendChoices(chosen);
  }

  /** @param {string} code of a sentence that the person shall read */
  notify(code) {
    this.#apply({ type: "page.notice", code });
  }

  /** @param {string} code the notice that was read */
  dismiss(code) {
    this.#apply({ type: "page.dismissed", code });
  }

  /** The person touched the page: sound that the browser held back may be heard now. */
  unblock() {
    if (this.speaker.held) this.#wake();
  }

  /** Leave without a trace. */
  end() {
    this.recorder.stop();
    this.line.close();
    this.#apply({ type: "page.microphone", state: "off" });
  }

  /** @param {ServerEvent} event */
  #hear(event) {
    if (event.type === "response.output_audio.delta") {
      if (!isSilenced(this.state, event.response_id) && !this.state.reading) this.speaker.sound(event.item_id, event.delta);
      return;
    }
    if (event.type === "response.output_audio.done") this.speaker.end(event.item_id);
    if (event.type === "response.output_audio_transcript.delta") this.speaker.words(event.item_id, event.delta);
    if (event.type === "input_audio_buffer.speech_started") void this.#silence();
    if (event.type === "conversation.item.deleted") this.speaker.drop(event.item_id);
    if (event.type === "askaloud.paused" || event.type === "askaloud.resumed") this.speaker.pause(event.type === "askaloud.paused");
    const unwanted = this.state.unwanted;
    const away = this.state.connection === "away";
    this.#apply(event);
    if (event.type === "askaloud.conversation") this.#welcome(away, event.resumed === true);
    if (event.type === "response.created" && unwanted) this.#send({ type: "response.cancel" });
    if (event.type === "response.done") for (const item of event.response.output ?? []) this.speaker.end(item.id);
  }

  /**
   * @param {boolean} away there was a conversation before
   * @param {boolean} resumed and this is the same
   */
  #welcome(away, resumed) {
    if (away && !resumed) {
      this.#unsent = []; // it was about words that this conversation does not know
      this.speaker.hush();
    }
    const choices = unusual(this.#choices);
    if (resumed && !sessionFor(choices, this.state.detection)) this.#send({ type: "session.update", session: { type: "realtime" } });
    else this.#sendChoices(choices); // the answer to either comes after all that was missed
    for (const event of this.#unsent.splice(0)) this.line.send(event);
    if (!resumed) this.#sendTyped();
    else setTimeout(() => this.dismiss("network_resumed"), BRIEF_MS);
    if (this.#unended && resumed) this.#endSentence();
    this.#unended = false;
  }

  /** Say again what the person typed and the server does not seem to have. */
  #sendTyped() {
    this.#typed = this.#typed.filter(({ id }) => this.state.unconfirmed.includes(id));
    for (const { events } of this.#typed) for (const event of events) this.line.send(event);
  }

  /** @param {Partial<Choices>} chosen */
  #sendChoices(chosen) {
    const session = sessionFor(chosen, this.state.detection);
    if (session) this.#send({ type: "session.update", session });
  }

  /** Stop the answer at the server too. */
  #cut() {
    if (this.state.responding !== null || this.state.waiting) this.#send({ type: "response.cancel" });
    void this.#silence();
  }

  /** Empty the speaker, and tell the server how much of the answer was really heard. */
  async #silence() {
    const cut = await this.speaker.silence();
    this.counts.cut = cut.reduce((sum, item) => sum + item.played, 0);
    for (const { id, played } of cut) {
      this.#send({ type: "conversation.item.truncate", item_id: id, content_index: 0, audio_end_ms: Math.floor((played * 1_000) / RATE) });
    }
  }

  /** @param {{ pcm: Int16Array<ArrayBuffer>, level: number }} frame */
  #record({ pcm, level }) {
    this.counts.recorded += pcm.length;
    const wanted = this.#push.held || !pushes(this.state);
    if (wanted && this.state.connection === "open") {
      this.line.sendAudio(toBase64(pcm)); // what nobody hears now is not said later
      this.#push.sound(pcm.length);
    }
    if (wanted) this.dispatchEvent(new CustomEvent("level", { detail: level }));
  }

  #closeMicrophone() {
    clearTimeout(this.#cooling);
    this.recorder.stop();
    if (!pushes(this.state)) this.#endSentence();
    this.#apply({ type: "page.microphone", state: "off" });
  }

  /** Nobody has pressed for a while: the microphone is let go of. */
  #cool() {
    if (!pushes(this.state) || this.#push.held || this.state.microphone !== "on") return;
    this.#closeMicrophone();
  }

  #endSentence() {
    if (this.state.connection === "open") this.line.sendAudio(toBase64(new Int16Array(LAST_SILENCE_S * RATE)));
    else this.#unended = true;
  }

  /** @param {string} code */
  #microphoneGone(code) {
    this.#push.forget();
    if (this.state.held) this.#apply({ type: "page.released", taken: false });
    this.#apply({ type: "page.microphone", state: "off" });
    this.#apply({ type: "page.notice", code });
  }

  /** @param {Closing & { stayedAway: boolean }} closing */
  #closed(closing) {
    this.recorder.stop();
    this.#push.forget();
    this.#unended = false;
    this.#unsent = [];
    this.#typed = [];
    this.speaker.hush();
    this.#apply({ type: "page.closed", ...closing });
  }

  /** Sound may begin only from a click or a key: this is called from one. */
  #wake() {
    this.speaker.start().catch(() => this.#apply({ type: "page.notice", code: "audio_failed" }));
  }

  /** @param {ClientEvent} event sent now, or when the conversation has begun */
  #send(event) {
    if (this.state.connection === "open") this.line.send(event);
    else if (this.#unsent.length < UNSENT_KEPT) this.#unsent.push(event);
  }

  /** @param {ServerEvent | PageEvent} event */
  #apply(event) {
    const before = this.state;
    this.state = reduce(before, event);
    if (this.state !== before) this.dispatchEvent(new Event("change"));
  }
}

/**
 * An id of ours, at most 32 characters; made where `randomUUID` is not to be had, too.
 *
 * @param {string} kind
 */
function newId(kind) {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `${kind}_` + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @template T
 * @param {EventTarget} target
 * @param {string} name
 * @param {(detail: T) => void} act
 */
function on(target, name, act) {
  target.addEventListener(name, (event) => act(/** @type {CustomEvent<T>} */ (event).detail));
}
