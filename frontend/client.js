/**
 * The socket to the server: opens it, sends what it is given, notices when it has gone silent. It understands no event but that each
 * is a JSON object with a type.
 */

/** @import { ClientEvent, ServerEvent } from "./wire.d.ts" */
/** @typedef {{ code: number, reason: string, opened: boolean, lost: boolean }} Closing `opened`: it had been open; `lost`: we gave it up */
/** @typedef {{ conversation_id: string, resume_token: string, last_event_id: string | null }} Return what opens a conversation that goes on */

/** The server speaks at least every 5 s; after this much silence the network is taken for lost. */
const SILENCE_MS = 12_000;

/** How often the silence is looked at. */
const WATCH_MS = 1_000;

/** One second of microphone as base64 in JSON: with more than this unsent, frames are dropped rather than sent late. */
const BACKLOG_BYTES = 66_000;

/** The code of a close that was ours and meant, which ends the conversation, and the one a browser gives when it got none. */
const GOODBYE = 1000;
const NO_CLOSE_FRAME = 1006;

/**
 * Fires `open`, `event` (detail: ServerEvent) and `closed` (detail: Closing).
 *
 *     const client = new Client(Client.address(document.baseURI));
 *     client.addEventListener("event", ({ detail }) => …);
 *     client.open();
 */
export class Client extends EventTarget {
  /** @type {WebSocket | null} */
  #socket = null;
  #watch = 0;
  #lastHeard = 0;
  /** Frames of sound that were dropped because the network did not take them. */
  dropped = 0;

  /**
   * @param {string} address
   * @param {{ silenceMs?: number, watchMs?: number }} [times] other than the usual ones
   */
  constructor(address, { silenceMs = SILENCE_MS, watchMs = WATCH_MS } = {}) {
    super();
    this.address = address;
    this.silenceMs = silenceMs;
    this.watchMs = watchMs;
  }

  /**
   * The socket's address on the server that the page came from.
   *
   * @param {string} page
   */
  static address(page) {
    const address = new URL("v1/realtime?askaloud=1", page);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    return address.href;
  }

  get ready() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /**
   * Open a new socket; the one before, if any, is left with a goodbye.
   *
   * @param {Return | null} [back] the conversation to come back to; the token goes in the first frame, for addresses are written to logs
   */
  open(back = null) {
    this.#leave(GOODBYE);
    const socket = new WebSocket(back ? `${this.address}&resume=1` : this.address);
    let opened = false;
    socket.onopen = () => {
      opened = true;
      if (back) this.send({ type: "askaloud.resume", ...back });
      this.dispatchEvent(new Event("open"));
    };
    socket.onmessage = ({ data }) => this.#heard(data);
    socket.onclose = ({ code, reason }) => this.#ended({ code, reason, opened, lost: false });
    this.#socket = socket;
    this.#lastHeard = Date.now();
    this.#watch = setInterval(() => this.#look(opened), this.watchMs);
  }

  /**
   * @param {ClientEvent} event
   * @returns {boolean} whether there was a socket to send it on
   */
  send(event) {
    if (!this.ready) return false;
    this.#socket?.send(JSON.stringify(event));
    return true;
  }

  /**
   * @param {string} audio base64 of 16-bit PCM; dropped when the network is behind
   * @returns {boolean} whether it was sent
   */
  sendAudio(audio) {
    if ((this.#socket?.bufferedAmount ?? 0) <= BACKLOG_BYTES) return this.send({ type: "input_audio_buffer.append", audio });
    this.dropped += 1;
    return false;
  }

  /** Say goodbye. No `closed` follows: whoever calls this knows. */
  close() {
    this.#leave(GOODBYE);
  }

  /** @param {unknown} data */
  #heard(data) {
    this.#lastHeard = Date.now();
    const event = typeof data === "string" ? decoded(data) : null;
    if (event) this.dispatchEvent(new CustomEvent("event", { detail: event }));
  }

  /** @param {boolean} opened */
  #look(opened) {
    if (Date.now() - this.#lastHeard < this.silenceMs) return;
    this.#leave(); // a goodbye that arrives after all, when the network is back, would end the conversation
    this.#ended({ code: NO_CLOSE_FRAME, reason: "", opened, lost: true });
  }

  /** @param {Closing} closing */
  #ended(closing) {
    clearInterval(this.#watch);
    this.#socket = null;
    this.dispatchEvent(new CustomEvent("closed", { detail: closing }));
  }

  /** @param {number} [code] none: without saying whether we come back */
  #leave(code) {
    clearInterval(this.#watch);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(code);
  }
}

/**
 * @param {string} text
 * @returns {ServerEvent | null}
 */
function decoded(text) {
  try {
    const event = JSON.parse(text);
    return typeof event?.type === "string" ? event : null;
  } catch {
    return null;
  }
}
