/**
 * One conversation over one socket after another: when the network is lost it opens a new one, with growing delays, as long as the
 * server keeps the conversation, and hears each event once. It understands only what belongs to coming back.
 */

import { isWhole } from "./shape.js";

/** @import { Client, Closing } from "./client.js" */
/** @import { ClientEvent, ServerEvent } from "./wire.d.ts" */

/** @typedef {{ id: string, token: string, graceMs: number }} Ticket what opens the conversation again, and for how long it is kept */

/** Before each attempt to come back; the last one holds for all that follow. A short gap is over at once, a long one costs no flood. */
const DELAYS_MS = [500, 1_000, 2_000, 4_000, 8_000];

/** Ids of events that are remembered while there may be doubles; the server says at most a thousand again. */
const HEARD_KEPT = 1_500;

/** After these closes the server may still keep the conversation: it goes away, no goodbye came, a ping was not answered. */
const AWAY = new Set([1001, 1005, 1006, 1011, 1012]);

/** The server goes away and comes back: the reason that it gave is none to give up. */
const RESTARTS = new Set([1001, 1012]);

/** Events that the server does not say again: naming one as the last that was heard would bring back everything. */
const FLEETING = new Set(["askaloud.heartbeat", "askaloud.conversation", "session.created", "session.updated", "response.output_audio.delta"]);

/**
 * Fires `event` (detail: ServerEvent), `away` when the network was lost and it tries to come back, `settled` when all that was missed
 * has been heard, and `closed` (detail: Closing & {stayedAway: boolean}) when it is over.
 *
 * What happened to the conversation stands in `askaloud.conversation`: `resumed` or not.
 */
export class Line extends EventTarget {
  /** @type {Ticket | null} */
  #ticket = null;
  /** @type {string | null} */
  #last = null;
  /** @type {Set<string>} */
  #heard = new Set();
  /** Until when to try, by the clock; 0 while nothing is amiss. */
  #until = 0;
  #attempts = 0;
  #timer = 0;
  #retelling = false;
  /** The server has said why it is about to end all this. */
  #final = false;

  /**
   * @param {Client} client
   * @param {readonly number[]} [delaysMs] other than the usual ones
   */
  constructor(client, delaysMs = DELAYS_MS) {
    super();
    this.client = client;
    this.delaysMs = delaysMs;
    client.addEventListener("event", (event) => this.#hear(/** @type {CustomEvent<ServerEvent>} */ (event).detail));
    client.addEventListener("closed", (event) => this.#lost(/** @type {CustomEvent<Closing>} */ (event).detail));
  }

  /** Whether it waits for its next attempt to come back. */
  get waiting() {
    return this.#timer !== 0;
  }

  /** Begin a new conversation; the one before, if any, is left. */
  open() {
    this.#forget();
    this.client.open();
  }

  /** @param {ClientEvent} event */
  send(event) {
    return this.client.send(event);
  }

  /** @param {string} audio base64 */
  sendAudio(audio) {
    return this.client.sendAudio(audio);
  }

  /** Say goodbye, for good. */
  close() {
    this.#forget();
    this.client.close();
  }

  /** The browser says that there is a network again: wait neither for the next attempt nor for one that went out into nothing. */
  hurry() {
    if (this.waiting || (this.#until > 0 && !this.client.ready)) this.#try();
  }

  /** @param {ServerEvent} event */
  #hear(event) {
    if (!isWhole(event)) return; // it can be neither understood nor shown: as if it had not come
    const id = event.event_id;
    if (this.#retelling && id !== undefined && this.#heard.has(id)) return;
    if (id !== undefined && !FLEETING.has(event.type)) this.#remember(id);
    if (event.type === "askaloud.notice" && !event.recoverable) this.#final = true;
    const settled = this.#retelling && event.type === "session.updated";
    if (settled) this.#retelling = false;
    if (event.type === "askaloud.conversation") this.#greeted(event);
    this.dispatchEvent(new CustomEvent("event", { detail: event }));
    if (settled) this.dispatchEvent(new Event("settled"));
  }

  /** @param {Extract<ServerEvent, { type: "askaloud.conversation" }>} greeting */
  #greeted({ conversation_id: id, resume_token: token = null, grace_ms: graceMs = 0, resumed = false }) {
    this.#ticket = token && graceMs > 0 ? { id, token, graceMs } : null;
    this.#until = this.#attempts = 0;
    this.#final = false;
    if (resumed) this.#retelling = true;
    else {
      this.#heard.clear();
      this.#last = null; // what was heard last belongs to another conversation
    }
  }

  /** @param {string} id */
  #remember(id) {
    this.#last = id;
    this.#heard.add(id);
    if (this.#heard.size > HEARD_KEPT) this.#heard.delete(/** @type {string} */ (this.#heard.values().next().value));
  }

  /** @param {Closing} closing */
  #lost(closing) {
    this.#retelling = false;
    if (RESTARTS.has(closing.code)) this.#final = false; // whatever it has said before: it comes back
    const left = this.#left(closing);
    if (left <= 0) {
      const stayedAway = this.#until > 0 && this.#isAway(closing);
      this.#forget();
      this.dispatchEvent(new CustomEvent("closed", { detail: { ...closing, stayedAway } }));
      return;
    }
    const delay = this.delaysMs[Math.min(this.#attempts, this.delaysMs.length - 1)] ?? 0;
    this.#attempts += 1;
    this.#timer = setTimeout(() => this.#try(), Math.min(delay, left));
    if (this.#attempts === 1) this.dispatchEvent(new Event("away"));
  }

  /**
   * How many milliseconds there still are to come back; 0 where there is nothing to come back to.
   *
   * @param {Closing} closing
   */
  #left(closing) {
    if (!this.#ticket || this.#final || !this.#isAway(closing)) return 0;
    this.#until ||= Date.now() + this.#ticket.graceMs;
    return this.#until - Date.now();
  }

  /** @param {Closing} closing */
  #isAway({ code, lost, opened }) {
    return lost || !opened || AWAY.has(code);
  }

  #try() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const { id, token } = /** @type {Ticket} */ (this.#ticket);
    this.client.open({ conversation_id: id, resume_token: token, last_event_id: this.#last });
  }

  #forget() {
    clearTimeout(this.#timer);
    this.#timer = this.#until = this.#attempts = 0;
    this.#ticket = this.#last = null;
    this.#retelling = this.#final = false;
    this.#heard.clear();
  }
}
