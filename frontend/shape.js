/**
 * Whether an event of the server is as the protocol has it, so far as the page relies on that. Pure; knows no rule of the conversation.
 */

/** @import { ServerEvent } from "./wire.d.ts" */
/** @typedef {"words" | "thing" | "list" | "list, if any"} Kind */

const ITEM = { item_id: "words" };
const WHOLE_ITEM = { item: "thing", "item.id": "words", "item.content": "list, if any" };
const DELTA = { ...ITEM, response_id: "words", delta: "words" };
const RESPONSE = { response: "thing", "response.id": "words", "response.output": "list, if any" };

/** By type, what is relied on, as paths from the event; of other types nothing is. */
const NEEDED = /** @type {Record<string, Record<string, Kind>>} */ ({
  "askaloud.conversation": { conversation_id: "words", voices: "list, if any" },
  "askaloud.searching": { call_id: "words" },
  "askaloud.sources": { sources: "list" },
  "askaloud.cited": { source_ids: "list" },
  "askaloud.notice": { code: "words" },
  "input_audio_buffer.speech_started": ITEM,
  "input_audio_buffer.speech_stopped": ITEM,
  "input_audio_buffer.committed": ITEM,
  "conversation.item.added": WHOLE_ITEM,
  "conversation.item.created": WHOLE_ITEM,
  "conversation.item.done": WHOLE_ITEM,
  "conversation.item.deleted": ITEM,
  "conversation.item.input_audio_transcription.delta": { ...ITEM, delta: "words" },
  "conversation.item.input_audio_transcription.completed": { ...ITEM, transcript: "words" },
  "conversation.item.input_audio_transcription.failed": ITEM,
  "response.created": RESPONSE,
  "response.done": RESPONSE,
  "response.output_item.added": { ...WHOLE_ITEM, response_id: "words" },
  "response.output_audio.delta": DELTA,
  "response.output_audio.done": ITEM,
  "response.output_audio_transcript.delta": DELTA,
  "response.output_audio_transcript.done": { ...ITEM, response_id: "words", transcript: "words" },
  "response.output_text.delta": DELTA,
  "response.output_text.done": { ...ITEM, response_id: "words", text: "words" },
});

/** @type {Record<Kind, (value: unknown) => boolean>} */
const IS = {
  words: (value) => typeof value === "string",
  thing: (value) => typeof value === "object" && value !== null,
  list: isList,
  "list, if any": (value) => value === undefined || value === null || isList(value),
};

/** @param {ServerEvent} event */
export function isWhole(event) {
  const needed = Object.hasOwn(NEEDED, event.type) ? NEEDED[event.type] : {};
  return Object.entries(needed ?? {}).every(([path, kind]) => IS[kind](at(event, path)));
}

/**
 * Of things or of words, whichever: what is neither would break whoever looks into it.
 *
 * @param {unknown} value
 */
function isList(value) {
  return Array.isArray(value) && value.every((each) => each !== null && each !== undefined);
}

/**
 * @param {unknown} from
 * @param {string} path
 */
function at(from, path) {
  return path.split(".").reduce((/** @type {any} */ value, name) => value?.[name], from);
}
