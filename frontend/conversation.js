/**
 * What the page knows, and how each event changes it: `reduce(state, event)` gives the next state. It decides what phase the
 * conversation is in and which late words no longer count. No DOM, no socket, no clock.
 */

import { AT_REST, SILENCED_KEPT, divided, hushed, isSilenced, onAway, onDeleted, onGreeting } from "./endings.js";
import { onCited, onSearching, onSources } from "./findings.js";
import { closingCode, noticeFor, outlasting, withNotice, withoutNotice } from "./notices.js";
import { placed, turnOf, withTurn, wordsOf } from "./turns.js";

export { isSilenced };

/** @import { Detection, Doors, Item, PageEvent, Response, ServerEvent } from "./wire.d.ts" */
/** @import { Card, Turn } from "./turns.js" */
/** @import { Notice } from "./notices.js" */
/** @typedef {"idle" | "connecting" | "reconnecting" | "listening" | "hearing" | "thinking" | "searching" | "speaking" | "error"} Phase */
/**
 * @typedef {object} State
 * @property {"closed" | "connecting" | "open" | "away"} connection away: the network was lost, and the conversation may go on
 * @property {{ id: string, version: string, voices: string[], doors: Doors | null } | null} conversation
 * @property {"off" | "asking" | "on"} microphone
 * @property {Detection | null | undefined} detection how the server finds the end of a turn by itself: not at all (null), or not told
 * @property {string | undefined} usualVoice the voice that the server takes by itself, where it has said so
 * @property {boolean} push the person chose to hold while they speak
 * @property {boolean} held they do
 * @property {boolean} reading they chose to read the answers instead of hearing them
 * @property {boolean} hearing somebody speaks into the microphone
 * @property {boolean} paused somebody may be interrupting: the answer waits until that is known
 * @property {boolean} waiting a turn was taken and no response has begun
 * @property {boolean} unwanted the response that is due was stopped before it began
 * @property {string | null} responding the response that is being made
 * @property {string | null} speaking the item that comes out of the speaker
 * @property {string[]} searches calls that search at this moment
 * @property {string[]} silenced responses of which nothing more may be heard or read
 * @property {boolean} voiced an answer was spoken: the voice is settled
 * @property {Turn[]} turns
 * @property {string[]} unconfirmed typed turns of which the server has not said that they arrived
 * @property {Record<string, Card[]>} cards by the user's item
 * @property {Record<string, string[]>} queries by the user's item: what was searched for, each once
 * @property {Record<string, boolean>} judged by the user's item: it is known which sources the answer used
 * @property {Notice[]} notices
 * @property {Notice | null} ended why there is no connection, when that was not wished
 */

/** Typed turns that wait for the server's word that they arrived; nobody types more before the first has. */
const UNCONFIRMED_KEPT = 8;

/** How a response ends of which something is missing; what was said of it stays. The server says why. */
const BROKEN_OFF = new Set(["failed", "incomplete"]);

/** @type {State} */
export const BEGINNING = Object.freeze({
  connection: "closed",
  conversation: null,
  microphone: "off",
  detection: undefined,
  usualVoice: undefined,
  push: false,
  held: false,
  reading: false,
  hearing: false,
  paused: false,
  waiting: false,
  unwanted: false,
  responding: null,
  speaking: null,
  searches: [],
  silenced: [],
  voiced: false,
  turns: [],
  unconfirmed: [],
  cards: {},
  queries: {},
  judged: {},
  notices: [],
  ended: null,
});

/**
 * @param {State} state
 * @param {ServerEvent | PageEvent} event
 * @returns {State}
 */
export function reduce(state, event) {
  const rule = Object.hasOwn(RULES, event.type) ? RULES[event.type] : undefined;
  return rule ? rule(state, event) : state;
}

/**
 * @param {State} state
 * @returns {Phase}
 */
export function phase(state) {
  if (state.ended) return "error";
  if (state.connection === "away") return "reconnecting";
  if (state.microphone === "asking" && !busy(state)) return "connecting"; // who types meanwhile sees how far the answer is
  if (state.connection === "connecting" && (state.microphone !== "off" || state.waiting)) return "connecting";
  if (state.hearing || state.paused) return "hearing";
  if (state.speaking) return "speaking";
  if (state.searches.length) return "searching";
  if (state.waiting || state.responding) return "thinking";
  return state.microphone === "on" && !pushes(state) ? "listening" : "idle";
}

/**
 * Whether the microphone is heard only while it is held: by choice, or because the server does not find the end of a turn.
 *
 * @param {State} state
 */
export function pushes({ push, detection }) {
  return push || detection === null;
}

/** @param {State} state */
export function busy(state) {
  return state.waiting || state.responding !== null || state.speaking !== null;
}

/**
 * @param {State} state
 * @param {{ item: Item, previous_item_id?: string | null }} event
 */
function onItem(state, { item, previous_item_id: previous }) {
  if (item.type !== "message" || (item.role !== "user" && item.role !== "assistant")) return state;
  const known = turnOf(state.turns, item.id);
  const unconfirmed = state.unconfirmed.filter((id) => id !== item.id);
  if (item.role === "assistant" && !known) return state; // it comes with its response, whose id is needed
  const spoken = known ? known.spoken : (item.content ?? []).some((part) => part.type === "input_audio");
  const text = known?.text || wordsOf(item);
  const turns = withTurn(state.turns, item.id, { role: item.role, spoken, text, kept: true });
  return { ...state, unconfirmed, turns: placed(turns, item.id, previous) };
}

/**
 * @param {State} state
 * @param {{ response_id: string, item: Item }} event
 */
function onOutput(state, { response_id: responseId, item }) {
  if (item.type !== "message" || isSilenced(state, responseId)) return state;
  return { ...state, turns: withTurn(state.turns, item.id, { role: "assistant", responseId }) };
}

/**
 * @param {State} state
 * @param {{ response_id: string, item_id: string }} event
 * @param {(text: string) => string} words
 */
function onWords(state, { response_id: responseId, item_id: id }, words) {
  if (isSilenced(state, responseId)) return state;
  const text = words(turnOf(state.turns, id)?.text ?? "");
  return { ...state, searches: [], turns: withTurn(state.turns, id, { role: "assistant", responseId, text }) };
}

/**
 * @param {State} state
 * @param {{ response: Response }} event
 */
function onResponseDone(state, { response }) {
  // What said “let me look” and searches is done, and yet its answer is still to come.
  const searches = response.status === "completed" ? state.searches : [];
  const over = state.responding === response.id ? { responding: null, searches, waiting: state.waiting || searches.length > 0 } : {};
  if (isSilenced(state, response.id)) return { ...state, ...over };
  /** @type {Turn["status"]} */
  const status = BROKEN_OFF.has(response.status ?? "") ? "failed" : response.status === "cancelled" ? "interrupted" : "done";
  const turns = state.turns
    .map((turn) => (turn.responseId === response.id && turn.status === "coming" ? { ...turn, status } : turn))
    .filter((turn) => turn.responseId !== response.id || turn.text !== "" || turn.status === "done");
  const notices = response.status === "failed" && !state.notices.length ? withNotice(state.notices, noticeFor("model_failed")) : state.notices;
  return { ...state, ...over, turns, notices };
}

/**
 * A new turn of the person: what was only a noise goes, what could be helped was said.
 *
 * @param {State} state
 * @returns {State}
 */
function turned(state) {
  const turns = state.turns.filter((turn) => turn.kept);
  const [cards, queries, judged] = [still(state.cards, turns), still(state.queries, turns), still(state.judged, turns)];
  return { ...hushed({ ...state, turns, cards, queries, judged }), unwanted: false, notices: state.notices.filter((notice) => !notice.passing || notice.lasting) };
}

/**
 * What belongs to turns that are still kept.
 *
 * @template T
 * @param {Record<string, T>} record
 * @param {Turn[]} turns
 * @returns {Record<string, T>}
 */
function still(record, turns) {
  return Object.fromEntries(Object.entries(record).filter(([id]) => turnOf(turns, id)));
}

/**
 * @param {State} state
 * @param {{ item_id: string, previous_item_id?: string | null }} event
 */
function onCommitted(state, { item_id: id, previous_item_id: previous }) {
  return { ...state, waiting: true, hearing: false, turns: placed(withTurn(state.turns, id, { kept: true }), id, previous) };
}

/**
 * The word that the person speaks overtakes what waits in the server: a response that begins after it was interrupted before.
 *
 * @param {State} state
 * @param {{ response: Response }} event
 */
function onResponseCreated(state, { response }) {
  if (isSilenced(state, response.id)) return state;
  const gone = state.unwanted || state.hearing;
  const silenced = gone ? [...state.silenced, response.id].slice(-SILENCED_KEPT) : state.silenced;
  return { ...state, waiting: false, unwanted: false, silenced, searches: [], responding: gone ? null : response.id };
}

/** @type {{ [type: string]: (state: State, event: any) => State }} */
const RULES = {
  "session.created": (state, { session }) => ({
    ...state,
    detection: session?.audio?.input?.turn_detection,
    usualVoice: session?.audio?.output?.voice,
  }),
  "askaloud.conversation": onGreeting,
  "askaloud.searching": onSearching,
  "askaloud.sources": onSources,
  "askaloud.cited": onCited,
  "askaloud.paused": (state) => ({ ...state, paused: true }),
  "askaloud.resumed": (state) => ({ ...state, paused: false }),
  "askaloud.notice": (state, event) => noticed(state, noticeFor(event.code, event)),
  error: (state, { error }) => (HARMLESS.has(error?.code) ? state : noticed(state, noticeFor(error?.code === "not_allowed" ? "not_allowed" : "bad_event"))),
  "input_audio_buffer.speech_started": (state, { item_id: id }) => {
    const calm = { ...turned(state), hearing: true, waiting: false };
    return { ...calm, turns: withTurn(calm.turns, id, { kept: false }) };
  },
  "input_audio_buffer.speech_stopped": (state) => ({ ...state, hearing: false, waiting: true }),
  "input_audio_buffer.committed": onCommitted,
  "conversation.item.added": onItem,
  "conversation.item.created": onItem,
  "conversation.item.done": onItem,
  "conversation.item.deleted": onDeleted,
  "conversation.item.input_audio_transcription.delta": (state, { item_id: id, delta }) => {
    const text = (turnOf(state.turns, id)?.text ?? "") + delta;
    return { ...state, turns: withTurn(state.turns, id, { text }) };
  },
  "conversation.item.input_audio_transcription.completed": (state, { item_id: id, transcript }) => ({
    ...state,
    turns: withTurn(state.turns, id, { text: transcript.trim(), status: "done" }),
  }),
  "conversation.item.input_audio_transcription.failed": (state, { item_id: id }) => ({ ...state, turns: withTurn(state.turns, id, { status: "failed" }) }),
  "response.created": onResponseCreated,
  "response.output_item.added": onOutput,
  "response.output_audio_transcript.delta": (state, event) => onWords(state, event, (text) => text + event.delta),
  "response.output_audio_transcript.done": (state, event) => onWords(state, event, () => event.transcript),
  "response.output_text.delta": (state, event) => onWords(state, event, (text) => text + event.delta),
  "response.output_text.done": (state, event) => onWords(state, event, () => event.text),
  "response.done": onResponseDone,
  "page.connecting": (state, { fresh }) => ({
    ...(fresh ? { ...BEGINNING, microphone: state.microphone, push: state.push, reading: state.reading } : divided(hushed(state))),
    notices: outlasting(state.ended),
    ended: null,
    connection: "connecting",
  }),
  "page.closed": (state, event) => {
    const told = state.notices.findLast((notice) => !notice.passing);
    const ended = told ?? noticeFor(closingCode(event));
    return { ...hushed(state), ...AT_REST, connection: "closed", microphone: "off", unconfirmed: [], notices: [], ended };
  },
  "page.away": onAway,
  "page.microphone": (state, { state: microphone }) => ({ ...state, microphone, hearing: (microphone === "on" || state.held) && state.hearing }),
  "page.typed": (state, { id, text }) => {
    const calm = turned(state);
    const unconfirmed = [...calm.unconfirmed, id].slice(-UNCONFIRMED_KEPT);
    return { ...calm, unconfirmed, hearing: false, waiting: true, turns: withTurn(calm.turns, id, { text, status: "done", spoken: false }) };
  },
  "page.chosen": (state, { push, reading }) => ({ ...state, push, reading }),
  "page.pressed": (state) => ({ ...turned(state), held: true, hearing: true, waiting: false }),
  "page.released": (state, { taken }) => ({ ...state, held: false, hearing: false, waiting: taken }),
  "page.stopped": (state) => ({ ...hushed(state), waiting: false, unwanted: state.waiting }),
  "page.speaking": (state, { item_id: speaking }) => ({ ...state, speaking, voiced: true }),
  "page.silent": (state) => ({ ...state, speaking: null }),
  "page.notice": (state, { code }) => ({ ...state, notices: withNotice(state.notices, noticeFor(code)) }),
  "page.dismissed": (state, { code }) => ({ ...state, notices: withoutNotice(state.notices, code) }),
};

/** Races that the protocol has by nature: a stop that came as the answer ended, an answer asked for while one was begun. */
const HARMLESS = new Set(["response_cancel_not_active", "conversation_already_has_active_response", "input_audio_buffer_commit_empty"]);

/**
 * @param {State} state
 * @param {Notice} notice
 * @returns {State}
 */
function noticed(state, notice) {
  const stuck = notice.endsTurn ? { waiting: false, searches: [] } : {};
  return { ...state, ...stuck, notices: withNotice(state.notices, notice) };
}
