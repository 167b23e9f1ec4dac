/**
 * What is still to be said to the server: events that wait for a conversation, and what the person typed, until the server says that it
 * arrived. Is told when there is somebody to speak to; knows neither socket nor state.
 */

/** @import { ClientEvent } from "./wire.d.ts" */

/** Events, sound apart, that wait for a conversation; and typed turns that wait for the word that they arrived. */
const KEPT = 8;

export class Outbox {
  /** @type {ClientEvent[]} */
  #unsent = [];
  #typed = /** @type {{ id: string, events: ClientEvent[] }[]} */ ([]);

  /** @param {(event: ClientEvent) => unknown} send */
  constructor(send) {
    this.send = send;
  }

  /**
   * @param {ClientEvent} event
   * @param {boolean} open say it now; else when the conversation has begun
   */
  say(event, open) {
    if (open) this.send(event);
    else if (this.#unsent.length < KEPT) this.#unsent.push(event);
  }

  /**
   * @param {string} text what the person typed: a turn like a spoken one
   * @param {boolean} open say it now; else with all that may not have arrived
   * @returns {string} the id of its item, by which it is known when it arrives
   */
  type(text, open) {
    const id = newId("item");
    const item = { id, type: "message", role: "user", content: [{ type: "input_text", text }] };
    const events = [
      { type: "conversation.item.create", event_id: newId("page"), item },
      { type: "response.create", event_id: newId("page") },
    ];
    this.#typed = [...this.#typed, { id, events }].slice(-KEPT);
    if (open) for (const event of events) this.send(event);
    return id;
  }

  /** The conversation has begun, or goes on: say what waits for it. */
  flush() {
    for (const event of this.#unsent.splice(0)) this.send(event);
  }

  /**
   * Say again, in the same words and ids, what the person typed and the server does not seem to have.
   *
   * @param {string[]} unconfirmed ids of what it has not said to have
   */
  repeat(unconfirmed) {
    this.#typed = this.#typed.filter(({ id }) => unconfirmed.includes(id));
    for (const { events } of this.#typed) for (const event of events) this.send(event);
  }

  /** What waits was about words that the next conversation does not know; what was typed is asked of that one. */
  drop() {
    this.#unsent = [];
  }

  /** Nothing of this is wanted any more. */
  clear() {
    this.#unsent = [];
    this.#typed = [];
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
