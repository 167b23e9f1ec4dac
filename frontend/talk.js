/**
 * One conversation as the page holds it: the socket, the ear, the speaker and the state between them. What follows from what is
 * decided by the reducer; here it is carried out. Knows no DOM.
 */

import { RATE } from "./audio/pcm.js";
import { sessionFor, unusual } from "./choices.js";
import { BEGINNING, busy, isSilenced, reduce } from "./conversation.js";
import { Ear } from "./ear.js";
import { Outbox } from "./outbox.js";

/** @import { Closing } from "./client.js" */
/** @import { Choices } from "./choices.js" */
/** @import { Line } from "./line.js" */
/** @import { Speaker } from "./speaker.js" */
/** @import { Recorder } from "./audio/recorder.js" */
/** @import { ClientEvent, PageEvent, Response, ServerEvent } from "./wire.d.ts" */

/** How long a brief notice stands: long enough to be read twice. */
const BRIEF_MS = 6_000;

/** Fires `change` when the state changed. */
export class Talk extends EventTarget {
  /** @type {Choices} */
  #choices = { voice: null, push: false, reading: false };
  /** What was chosen while the network was away. */
  #unsaid = /** @type {Partial<Choices>} */ ({});
  #explaining = 0;
  /** Frames of answers that had been played when the last one was cut off, for measuring. */
  #cutAt = 0;

  /**
   * @param {Line} line
   * @param {Recorder} recorder
   * @param {Speaker} speaker
   */
  constructor(line, recorder, speaker) {
    super();
    this.state = BEGINNING;
    this.line = line;
    this.ear = new Ear(recorder, line, { state: () => this.state, tell: (event) => this.#apply(event) });
    this.speaker = speaker;
    this.outbox = new Outbox((event) => line.send(event));
    on(line, "event", (/** @type {ServerEvent} */ event) => this.#hear(event));
    on(line, "closed", (/** @type {Closing & { stayedAway: boolean }} */ closing) => this.#closed(closing));
    line.addEventListener("away", () => {
      this.ear.forget();
      this.speaker.pause(false); // whoever asked for it may never take it back
      this.#apply({ type: "page.away" });
    });
    line.addEventListener("settled", () => this.outbox.repeat(this.state.unconfirmed));
    on(speaker, "speaking", (/** @type {string} */ item) => this.#apply({ type: "page.speaking", item_id: item }));
    speaker.addEventListener("silent", () => this.#apply({ type: "page.silent" }));
    speaker.addEventListener("overfull", () => this.#apply({ type: "page.notice", code: "answer_too_long" }));
    speaker.addEventListener("blocked", () => this.#apply({ type: "page.notice", code: "audio_blocked" }));
    speaker.addEventListener("running", () => this.dismiss("audio_blocked"));
  }

  /** Frames, for measuring: of answers that had been played when the last one was cut off, and recorded. */
  get counts() {
    return { cut: this.#cutAt, recorded: this.ear.recorded };
  }

  /**
   * Connect.
   *
   * @param {{ fresh?: boolean }} [how] fresh: with an empty page, not under what was said before
   */
  begin({ fresh = false } = {}) {
    this.ear.forget();
    this.speaker.hush();
    this.outbox.clear();
    this.#apply({ type: "page.connecting", fresh });
    this.line.open();
  }

  /** Open the microphone, or close it. */
  async toggleMicrophone() {
    if (this.ear.asking) return;
    if (this.state.microphone === "on") {
      this.ear.close();
      return;
    }
    this.#wake();
    if (this.state.connection === "closed") this.begin();
    await this.ear.open();
  }

  /** The button is held from now on: whatever is being said falls silent, and the person is heard. */
  press() {
    if (this.ear.held || this.state.connection === "away") return;
    this.#wake();
    if (this.state.connection === "closed") this.begin();
    if (busy(this.state)) this.#cut();
    this.ear.press();
  }

  /** And no longer. */
  release() {
    if (!this.ear.release()) return;
    clearTimeout(this.#explaining);
    this.notify("hold_longer");
    this.#explaining = setTimeout(() => this.dismiss("hold_longer"), BRIEF_MS);
  }

  /** @param {string} text what the person typed; a turn like a spoken one */
  type(text) {
    this.#wake();
    this.ear.drop(); // who began to speak and then types has thought better of it
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
    if (chosen.push !== undefined && this.state.microphone !== "off") this.ear.close();
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
    this.ear.end();
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
  #ended({ id, output }) {
    const begun = this.state.turns.filter((turn) => turn.responseId === id);
    for (const item of [...(output ?? []), ...begun]) this.speaker.end(item.id);
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
    this.ear.greeted(resumed);
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
    this.#cutAt = cut.reduce((sum, item) => sum + item.played, 0);
    for (const { id, played } of cut) {
      this.#send({ type: "conversation.item.truncate", item_id: id, content_index: 0, audio_end_ms: Math.floor((played * 1_000) / RATE) });
    }
  }

  /** @param {Closing & { stayedAway: boolean }} closing */
  #closed(closing) {
    this.ear.end();
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
