/**
 * The microphone as the page sees it: asks for it, delivers frames, and says in a code why it cannot.
 * Knows nothing of the socket that the frames go to.
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

/** The microphone did not open; `code` is that of a sentence in the locale. */
export class MicrophoneError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** Fires `frame` (detail: {pcm: Int16Array, level: number}) every 30 ms, and `lost` when the microphone goes away by itself. */
export class Recorder extends EventTarget {
  /** @type {MediaStream | null} */
  #stream = null;
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {AudioWorkletNode | null} */
  #node = null;

  /** Ask for the microphone and begin. Throws `MicrophoneError`. */
  async start() {
    if (!globalThis.isSecureContext || !navigator.mediaDevices) throw new MicrophoneError("insecure_page");
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
      });
      const source = this.#source(this.#stream);
      await this.#listen(source);
    } catch (error) {
      this.stop();
      throw new MicrophoneError(REASONS[error instanceof Error ? error.name : ""] ?? "microphone_failed");
    }
  }

  /** Let go of the microphone. */
  stop() {
    if (this.#node) {
      this.#node.port.onmessage = null; // frames that are on their way were heard before the end, but would be sent after it
      this.#node.port.postMessage("stop");
    }
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    void this.#context?.close();
    this.#node = this.#stream = this.#context = null;
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

  /** @param {MediaStreamAudioSourceNode} source */
  async #listen(source) {
    const context = source.context;
    await context.audioWorklet.addModule(new URL("recorder.worklet.js", import.meta.url));
    const node = new AudioWorkletNode(context, "askaloud-recorder", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
    node.port.onmessage = ({ data }) => this.dispatchEvent(new CustomEvent("frame", { detail: data }));
    source.connect(node);
    for (const track of source.mediaStream.getAudioTracks()) track.onended = () => this.#lost();
    this.#node = node;
    await this.#context?.resume();
  }

  #lost() {
    this.stop();
    this.dispatchEvent(new Event("lost"));
  }
}
