/**
 * One conversation as the page holds it: the socket, the microphone, the speaker and the state between them. What follows from what is
 * decided by the reducer; here it is carried out. Knows no DOM.
 */

import { fromBase64, toBase64, RATE } from "./audio/pcm.js";
import { ABANDONED, MicrophoneError } from "./audio/recorder.js";
import { BEGINNING, busy, isSilenced, reduce } from "./conversation.js";

/** @import { Client, Closing } from "./client.js" */
/** @import { Player, Report } from "./audio/player.js" */
/** @import { Recorder } from "./audio/recorder.js" */
/** @import { ClientEvent, PageEvent, ServerEvent } from "./wire.d.ts" */

/** Silence sent after the microphone was closed or lost, so that the voice detection finds the end of a sentence that was being spoken. */
const LAST_SILENCE_S = 1;

/** Typed turns that wait for a socket; nobody types more before the first has gone out. */
const UNSENT_KEPT = 8;

/** Fires `change` when the state changed, and `level` (detail: 0 to 1) for each frame of the microphone. */
export class Talk extends EventTarget {
  /** @type {ClientEvent[]} */
  #unsent = [];
  /** @type {string | null} */
  #voice = null;
  #dropped = 0;
  /** Frames of answers that had been played when the last one was cut off, and frames recorded: for measuring. */
  counts = { cut: 0, recorded: 0 };

  /**
   * @param {Client} client
   * @param {Recorder} recorder
   * @param {Player} player
   */
  constructor(client, recorder, player) {
    super();
    this.state = BEGINNING;
    this.client = client;
    this.recorder = recorder;
    this.player = player;
    on(client, "event", (/** @type {ServerEvent} */ event) => this.#hear(event));
    on(client, "closed", (/** @type {Closing} */ closing) => this.#closed(closing));
    on(recorder, "frame", (/** @type {{ pcm: Int16Array<ArrayBuffer>, level: number }} */ frame) => this.#record(frame));
    recorder.addEventListener("lost", () => {
      this.#endSentence();
      this.#microphoneGone("microphone_lost");
    });
    on(player, "speaking", (/** @type {string} */ item) => this.#apply({ type: "page.speaking", item_id: item }));
    player.addEventListener("silent", () => this.#apply({ type: "page.silent" }));
    on(player, "report", (/** @type {Report} */ report) => this.#weigh(report));
    player.addEventListener("blocked", () => this.#apply({ type: "page.notice", code: "audio_blocked" }));
  }

  /**
   * Connect.
   *
   * @param {{ fresh?: boolean }} [how] fresh: with an empty page, not under what was said before
   */
  begin({ fresh = false } = {}) {
    void this.player.flush();
    this.#apply({ type: "page.connecting", fresh });
    this.client.open();
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
    const id = itemId();
    this.#apply({ type: "page.typed", id, text });
    this.#send({ type: "conversation.item.create", item: { id, type: "message", role: "user", content: [{ type: "input_text", text }] } });
    this.#send({ type: "response.create" });
  }

  /** Stop the answer: what is heard, and what is still being made. */
  stop() {
    if (!busy(this.state)) return;
    this.#cut();
    this.#apply({ type: "page.stopped" });
  }

  /** @param {string | null} voice the voice that answers shall have; null leaves it to the server */
  speakAs(voice) {
    this.#voice = voice;
    if (voice && this.state.conversation) this.#sendVoice();
  }

  /** @param {string} code the notice that was read */
  dismiss(code) {
    this.#apply({ type: "page.dismissed", code });
  }

  /** The person touched the page: sound that the browser held back may be heard now. */
  unblock() {
    if (!this.state.notices.some((notice) => notice.code === "audio_blocked")) return;
    this.#wake();
    this.dismiss("audio_blocked");
  }

  /** Leave without a trace. */
  end() {
    this.recorder.stop();
    this.client.close();
    this.#apply({ type: "page.microphone", state: "off" });
  }

  /** @param {ServerEvent} event */
  #hear(event) {
    if (event.type === "response.output_audio.delta") {
      if (!isSilenced(this.state, event.response_id)) this.player.write(event.item_id, fromBase64(event.delta));
      return;
    }
    if (event.type === "response.output_audio.done") this.player.end(event.item_id);
    if (event.type === "input_audio_buffer.speech_started") void this.#silence();
    const unwanted = this.state.unwanted;
    this.#apply(event);
    if (event.type === "askaloud.conversation") this.#welcome();
    if (event.type === "response.created" && unwanted) this.#send({ type: "response.cancel" });
    if (event.type === "response.done") for (const item of event.response.output ?? []) this.player.end(item.id);
  }

  #welcome() {
    if (this.#voice) this.#sendVoice();
    for (const event of this.#unsent.splice(0)) this.client.send(event);
  }

  #sendVoice() {
    this.#send({ type: "session.update", session: { type: "realtime", audio: { output: { voice: this.#voice } } } });
  }

  /** Stop the answer at the server too. */
  #cut() {
    if (this.state.responding !== null || this.state.waiting) this.#send({ type: "response.cancel" });
    void this.#silence();
  }

  /** @param {Report} report */
  #weigh({ dropped }) {
    if (dropped > this.#dropped) this.#apply({ type: "page.notice", code: "answer_too_long" });
    this.#dropped = dropped;
  }

  /** Empty the speaker, and tell the server how much of the answer was really heard. */
  async #silence() {
    const cut = await this.player.flush();
    this.counts.cut = cut.reduce((sum, item) => sum + item.played, 0);
    for (const { id, played } of cut) {
      this.#send({ type: "conversation.item.truncate", item_id: id, content_index: 0, audio_end_ms: Math.floor((played * 1_000) / RATE) });
    }
  }

  /** @param {{ pcm: Int16Array<ArrayBuffer>, level: number }} frame */
  #record({ pcm, level }) {
    this.counts.recorded += pcm.length;
    if (this.state.conversation) this.client.sendAudio(toBase64(pcm));
    this.dispatchEvent(new CustomEvent("level", { detail: level }));
  }

  #closeMicrophone() {
    this.recorder.stop();
    this.#endSentence();
    this.#apply({ type: "page.microphone", state: "off" });
  }

  #endSentence() {
    if (this.state.conversation) this.client.sendAudio(toBase64(new Int16Array(LAST_SILENCE_S * RATE)));
  }

  /** @param {string} code */
  #microphoneGone(code) {
    this.#apply({ type: "page.microphone", state: "off" });
    this.#apply({ type: "page.notice", code });
  }

  /** @param {Closing} closing */
  #closed(closing) {
    this.recorder.stop();
    this.#unsent = [];
    void this.player.flush();
    this.#apply({ type: "page.closed", ...closing });
  }

  /** Sound may begin only from a click or a key: this is called from one. */
  #wake() {
    this.player.start().catch(() => this.#apply({ type: "page.notice", code: "audio_failed" }));
  }

  /** @param {ClientEvent} event sent now, or when the conversation has begun */
  #send(event) {
    if (this.state.conversation) this.client.send(event);
    else if (this.#unsent.length < UNSENT_KEPT) this.#unsent.push(event);
  }

  /** @param {ServerEvent | PageEvent} event */
  #apply(event) {
    const before = this.state;
    this.state = reduce(before, event);
    if (this.state !== before) this.dispatchEvent(new Event("change"));
  }
}

/** An id for an item of ours, at most 32 characters; made where `randomUUID` is not to be had, too. */
function itemId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return "item_" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
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
