/**
 * The shape of sound on the wire: 16-bit PCM, mono, 24,000 frames per second, little-endian, as base64.
 * Knows numbers only: no microphone, no socket.
 */

/** Frames per second, both ways; the one rate that the Realtime protocol has for PCM. */
export const RATE = 24_000;

/** Characters that `String.fromCharCode` is given at once; a longer list of arguments overflows the stack in some browsers. */
const CHUNK = 0x8000;

/**
 * @param {Float32Array} floats samples between -1 and 1; what lies outside is clipped
 * @returns {Int16Array<ArrayBuffer>}
 */
export function toPcm16(floats) {
  const pcm = new Int16Array(floats.length);
  for (let i = 0; i < floats.length; i++) {
    const sample = Math.max(-1, Math.min(1, floats[i] ?? 0));
    pcm[i] = Math.round(sample * (sample < 0 ? 0x8000 : 0x7fff));
  }
  return pcm;
}

/**
 * One 16-bit sample as the audio graph wants it.
 *
 * @param {number} sample
 */
export function toFloat(sample) {
  return sample / 0x8000;
}

/**
 * @param {Int16Array<ArrayBuffer>} pcm
 * @returns {string}
 */
export function toBase64(pcm) {
  const bytes = new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  let text = "";
  for (let i = 0; i < bytes.length; i += CHUNK) text += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return btoa(text);
}

/**
 * @param {string} text base64; half a sample at the end is left out
 * @returns {Int16Array<ArrayBuffer>} empty when the text is not base64
 */
export function fromBase64(text) {
  let raw;
  try {
    raw = atob(text);
  } catch {
    return new Int16Array();
  }
  const bytes = new Uint8Array(raw.length - (raw.length % 2));
  for (let i = 0; i < bytes.length; i++) bytes[i] = raw.charCodeAt(i);
  return new Int16Array(bytes.buffer);
}

/**
 * How loud a stretch of sound is: the root of its mean square, 0 to 1.
 *
 * @param {Float32Array} floats
 */
export function loudness(floats) {
  let sum = 0;
  for (const sample of floats) sum += sample * sample;
  return floats.length ? Math.sqrt(sum / floats.length) : 0;
}
