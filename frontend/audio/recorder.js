/**
 * The microphone as the page sees it: asks for the one that was chosen or else the usual one, delivers frames, and says in a code why it
 * cannot. Knows nothing of the socket that the frames go to.
 */

import { RATE } from "./pcm.js";

/** What a person may be told when the microphone does not open, by the browser's name for it. */
const REASONS = /** @type {Record<string, string>} */ ({
  NotAllowedError: "microphone_denied",
  SecurityError: "microphone_denied",
  NotFoundError: "microphone_missing",
  OverconstrainedError: "microphone_missing",
  NotReadableError: "microphone_busy",
  AbortError: "microphone_busy",
});

/** What a browser says when the microphone that was asked for by its id is not there. */
const NOT_THERE = new Set(["NotFoundError", "OverconstrainedError"]);

/** What is asked of any microphone. */
const WISH = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** The code of a start that `stop` overtook: the person was still being asked. Nobody needs to be told. */
export const ABANDONED = "abandoned";

/** The microphone did not open; `code` is that of a sentence in the locale, or `ABANDONED`. */
export class MicrophoneError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/**
 * Fires `frame` (detail: {pcm: Int16Array, level: number}) every 30 ms, `replaced` when the chosen microphone is not there and the usual
 * one is heard instead, and `lost` when none is heard any more.
 */
export class Recorder extends EventTarget {
  /** @type {MediaStream | null} */
  #stream = null;
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {AudioWorkletNode | null} */
  #node = null;

  /** The chosen one of several, by the browser's id for it; null: whichever the browser takes. Counts from the next start. */
  device = /** @type {string | null} */ (null);

  /** Somebody is heard, or will be as soon as another microphone is open in place of this one. */
  #on = false;

  /** Counts starts and stops: what comes back from the browser to an earlier one is let go of. */
  #turn = 0;

  /** Ask for the microphone and begin. Throws `MicrophoneError`. */
  async start() {
    if (!globalThis.isSecureContext || !navigator.mediaDevices) throw new MicrophoneError("insecure_page");
    const turn = ++this.#turn;
    try {
      const stream = await this.#open(turn);
      if (turn !== this.#turn) return abandon(stream);
      this.#stream = stream;
      for (const track of stream.getAudioTracks()) track.onended = () => this.#lost();
      await this.#listen(this.#source(stream), turn);
      this.#on = true;
    } catch (error) {
      if (turn !== this.#turn) throw new MicrophoneError(ABANDONED);
      this.stop();
      throw new MicrophoneError(REASONS[error instanceof Error ? error.name : ""] ?? "microphone_failed");
    }
  }

  /** @param {string | null} device to be heard from now on, also if another one is being heard */
  async use(device) {
    this.device = device;
    if (this.#on) await this.#again();
  }

  /** Let go of the microphone. */
  stop() {
    this.#turn += 1;
    this.#on = false;
    if (this.#node) {
      this.#node.port.onmessage = null; // frames that are on their way were heard before the end, but would be sent after it
      this.#node.port.postMessage("stop");
    }
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    void this.#context?.close();
    this.#node = this.#stream = this.#context = null;
  }

  /** @param {number} turn */
  async #open(turn) {
    const devices = navigator.mediaDevices;
    if (this.device === null) return devices.getUserMedia({ audio: WISH });
    try {
      return await devices.getUserMedia({ audio: { ...WISH, deviceId: { exact: this.device } } });
    } catch (error) {
      if (turn !== this.#turn || !(error instanceof Error) || !NOT_THERE.has(error.name)) throw error;
    }
    const stream = await devices.getUserMedia({ audio: WISH });
    if (turn === this.#turn) this.dispatchEvent(new Event("replaced"));
    return stream;
  }

  /**
   * 24 kHz where the browser allows it; else whatever the device has, and the worklet changes the rate.
   *
   * @param {MediaStream} stream
   */
  #source(stream) {
    try {
      this.#context = new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
      return this.#context.createMediaStreamSource(stream);
    } catch {
      void this.#context?.close();
      this.#context = new AudioContext({ latencyHint: "interactive" });
      return this.#context.createMediaStreamSource(stream);
    }
  }

  /**
   * @param {MediaStreamAudioSourceNode} source
   * @param {number} turn
   */
  async #listen(source, turn) {
    const context = /** @type {AudioContext} */ (source.context);
    await context.audioWorklet.addModule(new URL("recorder.worklet.js", import.meta.url));
    if (turn !== this.#turn) return abandon(source.mediaStream);
    context.onstatechange = () => {
      if (context === this.#context && context.state !== "running") void context.resume(); // a phone paused it for a call
    };
    const node = new AudioWorkletNode(context, "askaloud-recorder", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
    node.port.onmessage = ({ data }) => this.dispatchEvent(new CustomEvent("frame", { detail: data }));
    source.connect(node);
    this.#node = node;
    await this.#context?.resume();
    if (turn !== this.#turn) abandon(source.mediaStream);
  }

  /** Let go of what is heard, and begin anew. */
  async #again() {
    this.stop();
    this.#on = true; // who chooses twice in a breath is heard by the last
    try {
      await this.start();
    } catch (error) {
      if (!(error instanceof MicrophoneError && error.code === ABANDONED)) this.dispatchEvent(new Event("lost"));
    }
  }

  /** Where one of several had been chosen, another is left; the usual one had the browser's own replacement, if there is any. */
  #lost() {
    if (this.device !== null) {
      void this.#again();
      return;
    }
    this.stop();
    this.dispatchEvent(new Event("lost"));
  }
}

/**
 * A microphone that nobody wants any more.
 *
 * @param {MediaStream} stream
 * @returns {never}
 */
function abandon(stream) {
  for (const track of stream.getTracks()) track.stop();
  throw new MicrophoneError(ABANDONED);
}
