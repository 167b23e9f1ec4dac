/**
 * One conversation as the page holds it: the socket, the microphone, the speaker and the state between them. What follows from what is
 * decided by the reducer; here it is carried out. Knows no DOM.
 */

import { toBase64, RATE } from "./audio/pcm.js";
import { ABANDONED, MicrophoneError } from "./audio/recorder.js";
import { sessionFor, unusual } from "./choices.js";
import { BEGINNING, busy, isSilenced, pushes, reduce } from "./conversation.js";
import { Outbox } from "./outbox.js";
import { Push } from "./push.js";

/** @import { Closing } from "./client.js" */
/** @import { Choices } from "./choices.js" */
/** @import { Line } from "./line.js" */
/** @import { Speaker } from "./speaker.js" */
/** @import { Recorder } from "./audio/recorder.js" */
/** @import { ClientEvent, PageEvent, Response, ServerEvent } from "./wire.d.ts" */

/** Silence sent after the microphone was closed or lost, so that the voice detection finds the end of a sentence that was being spoken. */
const LAST_SILENCE_S = 1;

/** How long a brief notice stands: long enough to be read twice. */
const BRIEF_MS = 6_000;

/** Between two presses the microphone stays open for so long, so that the first word of the next is not lost while it opens. */
const WARM_MS = 20_000;

/** The browser's question for the microphone may be waved away and never answered: after so long a press asks again. */
const ASKED_MS = 3_000;

/** Fires `change` when the state changed, and `level` (detail: 0 to 1) for each frame of the microphone. */
export class Talk extends EventTarget {
  /** A sentence was ended while nobody could hear that. */
  #unended = false;
  /** @type {Choices} */
  #choices = { voice: null, push: false, reading: false };
  /** What was chosen while the network was away. */
  #unsaid = /** @type {Partial<Choices>} */ ({});
  #push = new Push();
  /** When the person was last asked for the microphone, by a steady clock. */
  #askedAt = 0;
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
    this.outbox = new Outbox((event) => line.send(event));
    on(line, "event", (/** @type {ServerEvent} */ event) => this.#hear(event));
    on(line, "closed", (/** @type {Closing & { stayedAway: boolean }} */ closing) => this.#closed(closing));
    line.addEventListener("away", () => {
      this.#push.forget();
      this.speaker.pause(false); // whoever asked for it may never take it back
      this.#apply({ type: "page.away" });
    });
    line.addEventListener("settled", () => this.outbox.repeat(this.state.unconfirmed));
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
    this.outbox.clear();
    this.#apply({ type: "page.connecting", fresh });
    this.line.open();
  }

  /** Open the microphone, or close it. */
  async toggleMicrophone() {
    if (this.#asking) return;
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
    if (this.state.microphone !== "on" && !this.#asking) void this.#openMicrophone();
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

  /** Whether the person is being asked for the microphone, and may be expected to answer. */
  get #asking() {
    return this.state.microphone === "asking" && performance.now() - this.#askedAt < ASKED_MS;
  }

  async #openMicrophone() {
    this.#askedAt = performance.now();
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
    const id = this.outbox.type(text, this.state.connection === "open");
    this.#apply({ type: "page.typed", id, text });
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
    else this.#unsaid = { ...this.#unsaid, ...chosen };
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
    if (event.type === "response.done") this.#ended(event.response);
    const unwanted = this.state.unwanted;
    const away = this.state.connection === "away";
    this.#apply(event);
    if (event.type === "askaloud.conversation") this.#welcome(away, event.resumed === true);
    if (event.type === "response.created" && unwanted) this.#send({ type: "response.cancel" });
  }

  /**
   * No more sound comes for it, also where it broke off and its items are not listed.
   *
   * @param {Response} response
   */
  #ended({ id, output = [] }) {
    const begun = this.state.turns.filter((turn) => turn.responseId === id);
    for (const item of [...output, ...begun]) this.speaker.end(item.id);
  }

  /**
   * @param {boolean} away there was a conversation before
   * @param {boolean} resumed and this is the same
   */
  #welcome(away, resumed) {
    if (away && !resumed) {
      this.outbox.drop();
      this.speaker.hush();
    }
    const choices = { ...unusual(this.#choices), ...(resumed ? this.#unsaid : {}) };
    this.#unsaid = {};
    if (resumed && !sessionFor(choices, this.state)) this.#send({ type: "session.update", session: { type: "realtime" } });
    else this.#sendChoices(choices); // the answer to either comes after all that was missed
    this.outbox.flush();
    if (!resumed) this.outbox.repeat(this.state.unconfirmed);
    else setTimeout(() => this.dismiss("network_resumed"), BRIEF_MS);
    if (this.#unended && resumed) this.#endSentence();
    this.#unended = false;
  }

  /** @param {Partial<Choices>} chosen */
  #sendChoices(chosen) {
    const session = sessionFor(chosen, this.state);
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
      const sent = this.line.sendAudio(toBase64(pcm)); // what nobody hears now is not said later
      if (sent) this.#push.sound(pcm.length);
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
    this.outbox.clear();
    this.speaker.hush();
    this.#apply({ type: "page.closed", ...closing });
  }

  /** Sound may begin only from a click or a key: this is called from one. */
  #wake() {
    this.speaker.start().catch(() => this.#apply({ type: "page.notice", code: "audio_failed" }));
  }

  /** @param {ClientEvent} event sent now, or when the conversation has begun */
  #send(event) {
    this.outbox.say(event, this.state.connection === "open");
  }

  /** @param {ServerEvent | PageEvent} event */
  #apply(event) {
    const before = this.state;
    this.state = reduce(before, event);
    if (this.state !== before) this.dispatchEvent(new Event("change"));
  }
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
