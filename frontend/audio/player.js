/**
 * The speaker as the page sees it: give it the samples of an item, take them back at once, hear how much was played.
 * Knows items by id and nothing of conversations.
 */

import { RATE } from "./pcm.js";

/**
 * @typedef {object} Report frames since the start, but for `item`, the one in hand, `itemPlayed`, those of it, and `underruns`, the times that it ran dry
 * @property {string | null} item
 * @property {number} itemPlayed
 * @property {number} waiting
 * @property {number} rendered
 * @property {number} received
 * @property {number} played
 * @property {number} sounding
 * @property {number} underruns
 * @property {number} dropped
 */
/** @typedef {{ id: string, played: number }} Cut an item that was not played to its end, and its frames that were */

/** Orders that may wait until the worklet is loaded: a minute of answer in the smallest pieces that servers send. */
const ORDERS_WAITING = 2_000;

/** A browser that lets us sound does so well within this time; its promise alone may stay open for ever. */
const BLOCKED_AFTER_MS = 700;

/**
 * Fires `speaking` (detail: the item) and `silent` as answers begin and end, `report` (detail: Report) several times a second,
 * `blocked` when the browser does not let it sound, and `running` when it does, or does again.
 */
export class Player extends EventTarget {
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {AudioWorkletNode | null} */
  #node = null;
  /** @type {object[]} */
  #waiting = [];
  /** @type {((cut: Cut[]) => void)[]} */
  #flushes = [];
  /** The timer of an attempt to be heard again; 0 when there is none. */
  #waking = 0;
  /** Frames given so far, to tell a report that has seen them all from one that crossed them on its way. */
  #given = 0;
  /** @type {string | null} */
  #speaking = null;
  /** The last `start` failed, and nothing will be heard: what is given is let go of. */
  mute = false;

  /** Where the page's sound goes; null until `start`. */
  get output() {
    return this.#context?.destination ?? null;
  }

  /** Whether it was begun, and the browser holds its sound back. */
  get held() {
    return this.#context !== null && this.#context.state !== "running";
  }

  /**
   * Begin, or begin again after the browser paused us. Call it from a click or a key, or the browser may keep it silent. Throws where
   * there is no sound to be had: once, for to try again later is no news.
   */
  async start() {
    if (this.#context) {
      await this.#context.resume();
      return;
    }
    const known = this.mute;
    this.mute = false; // what is given meanwhile waits
    try {
      await this.#begin();
    } catch (error) {
      this.#giveUp();
      if (!known) throw error;
    }
  }

  async #begin() {
    const context = new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
    this.#context = context;
    context.onstatechange = () => this.#changed();
    await context.audioWorklet.addModule(new URL("player.worklet.js", import.meta.url));
    this.#node = new AudioWorkletNode(context, "askaloud-player", { numberOfInputs: 0, outputChannelCount: [1] });
    this.#node.port.onmessage = ({ data }) => this.#told(data);
    this.#node.connect(context.destination);
    for (const order of this.#waiting.splice(0)) this.#node.port.postMessage(order);
    await context.resume();
  }

  /** What waits for a loudspeaker waits in vain; the next `start` begins anew. */
  #giveUp() {
    const context = this.#context;
    this.mute = true;
    this.#context = this.#node = null;
    this.#waiting = [];
    this.#given = 0;
    for (const answer of this.#flushes.splice(0)) answer([]);
    this.#now(null);
    if (!context) return;
    context.onstatechange = null;
    void context.close();
  }

  /**
   * @param {string} id the item
   * @param {Int16Array<ArrayBuffer>} samples 24 kHz; handed over, not to be used again
   */
  write(id, samples) {
    if (this.mute) return;
    this.#given += samples.length;
    if (this.#speaking === null) this.#now(id);
    this.#order({ type: "write", id, samples }, [samples.buffer]);
    if (this.#context?.state !== "running") this.#wake();
  }

  /** @param {string} id the item that gets no more samples */
  end(id) {
    this.#order({ type: "end", id });
  }

  /** @param {string} id the item of which nothing more is to be heard, within one quantum */
  drop(id) {
    this.#order({ type: "drop", id });
  }

  /** @param {boolean} on be silent within one quantum and keep the place, or go on from there; a flush ends it too */
  pause(on) {
    this.#order({ type: on ? "pause" : "resume" });
  }

  /**
   * Be silent within one quantum.
   *
   * @returns {Promise<Cut[]>} the items that were cut off
   */
  flush() {
    if (!this.#node) {
      this.#waiting = [];
      this.#given = 0;
      this.#now(null);
      return Promise.resolve([]);
    }
    const answered = new Promise((/** @type {(cut: Cut[]) => void} */ resolve) => this.#flushes.push(resolve));
    this.#order({ type: "flush" });
    return answered;
  }

  /**
   * @param {object} order
   * @param {Transferable[]} [handed]
   */
  #order(order, handed = []) {
    if (this.#node) this.#node.port.postMessage(order, handed);
    else if (!this.mute && this.#waiting.length < ORDERS_WAITING) this.#waiting.push(order);
  }

  /** @param {{ type: string, items: Cut[] } & Report} word */
  #told(word) {
    if (word.type === "flushed") this.#flushes.shift()?.(word.items);
    if (word.type !== "report") return;
    this.dispatchEvent(new CustomEvent("report", { detail: word }));
    if (word.received === this.#given || word.item !== null) this.#now(word.item);
  }

  /** @param {string | null} item */
  #now(item) {
    if (item === this.#speaking) return;
    this.#speaking = item;
    this.dispatchEvent(item === null ? new Event("silent") : new CustomEvent("speaking", { detail: item }));
  }

  /** What the browser holds back in mid-answer waits in the worklet, and goes on from where it stopped. */
  #changed() {
    if (!this.held) this.dispatchEvent(new Event("running"));
    else if (this.#speaking !== null) this.#wake();
  }

  /** Phones pause sound for calls, browsers until the person has touched the page: ask again, and say so when that does not help. */
  #wake() {
    const context = this.#context;
    if (!context || this.#waking) return;
    void context.resume();
    this.#waking = setTimeout(() => {
      this.#waking = 0;
      if (context === this.#context && context.state !== "running") this.dispatchEvent(new Event("blocked"));
    }, BLOCKED_AFTER_MS);
  }
}
