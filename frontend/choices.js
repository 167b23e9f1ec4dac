/**
 * What a person chose for themselves: the voice of the answers, how to talk, whether to read instead of hear. Kept in the browser between
 * visits; knows how each is said to the server.
 */

/** @import { Detection } from "./wire.d.ts" */
/** @typedef {{ voice: string | null, push: boolean, reading: boolean }} Choices push: the microphone is heard only while it is held */

const VOICE = "askaloud.voice";
const PUSH = "askaloud.push";
const READING = "askaloud.reading";

/** How the end of a turn is found again, where the server has not said how it does that by itself. */
const USUAL = { type: "server_vad" };

/** @returns {Choices} what was chosen on an earlier visit */
export function keptChoices() {
  try {
    return { voice: localStorage.getItem(VOICE), push: localStorage.getItem(PUSH) !== null, reading: localStorage.getItem(READING) !== null };
  } catch {
    return { voice: null, push: false, reading: false }; // a browser may forbid storage; then a choice lasts as long as the page
  }
}

/** @param {Choices} choices */
export function keepChoices({ voice, push, reading }) {
  try {
    for (const [name, value] of Object.entries({ [VOICE]: voice, [PUSH]: push, [READING]: reading })) {
      if (value) localStorage.setItem(name, String(value));
      else localStorage.removeItem(name);
    }
  } catch {
    // as above
  }
}

/**
 * The session that a conversation needs for these choices, beside what it has by itself.
 *
 * @param {Partial<Choices>} chosen only what the server does not know yet
 * @param {{ detection: Detection | null | undefined, usualVoice: string | undefined }} server how it finds the end of a turn by itself (null:
 *   not at all), and the voice that it takes; each, where it has said so
 * @returns {{ [field: string]: unknown } | null} null where there is nothing to say
 */
export function sessionFor({ voice, push, reading }, { detection, usualVoice }) {
  /** @type {{ [field: string]: unknown }} */
  const audio = {};
  if (push !== undefined) audio.input = { turn_detection: push ? null : (detection ?? USUAL) };
  const speaking = voice === null ? usualVoice : voice;
  if (speaking) audio.output = { voice: speaking };
  const modalities = reading === undefined ? {} : { output_modalities: [reading ? "text" : "audio"] };
  const said = { ...modalities, ...(Object.keys(audio).length ? { audio } : {}) };
  return Object.keys(said).length ? { type: "realtime", ...said } : null;
}

/**
 * Of these choices, what differs from how a conversation begins.
 *
 * @param {Choices} choices
 * @returns {Partial<Choices>}
 */
export function unusual({ voice, push, reading }) {
  return { ...(voice ? { voice } : {}), ...(push ? { push } : {}), ...(reading ? { reading } : {}) };
}
