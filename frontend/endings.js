/**
 * What falls away when an answer is stopped, when the network is lost and when a conversation begins anew: the reducer's rules for ends
 * and for what comes after them. Pure, like the reducer.
 */

import { withNotice, noticeFor } from "./notices.js";
import { turnOf, withTurn } from "./turns.js";
import { VERSION } from "./version.js";

/** @import { State } from "./conversation.js" */
/** @import { Doors } from "./wire.d.ts" */
/** @import { Turn } from "./turns.js" */

/** Stopped responses that are remembered: late words come within seconds, and there is one response at a time. */
export const SILENCED_KEPT = 16;

/** What falls away with a conversation. */
export const AT_REST = {
  ...{ held: false, hearing: false, paused: false, waiting: false, unwanted: false, voiced: false },
  ...{ responding: null, searches: [], conversation: null },
};

/**
 * Whether a response was stopped, so that what still comes of it must not be heard.
 *
 * @param {State} state
 * @param {string} responseId
 */
export function isSilenced(state, responseId) {
  return state.silenced.includes(responseId);
}

/**
 * Nothing more of the answer in hand is to be heard or read.
 *
 * @param {State} state
 * @returns {State}
 */
export function hushed(state) {
  const spoken = state.speaking === null ? null : (turnOf(state.turns, state.speaking)?.responseId ?? null);
  const gone = [state.responding, spoken].filter((id) => id !== null);
  const turns = state.turns
    .map((turn) => (cutOff(turn, state, gone) ? { ...turn, status: /** @type {const} */ ("interrupted") } : turn))
    .filter((turn) => turn.role !== "assistant" || turn.status !== "interrupted" || turn.text !== "");
  return { ...state, turns, silenced: [...state.silenced, ...gone].slice(-SILENCED_KEPT), responding: null, speaking: null, paused: false, searches: [] };
}

/**
 * @param {Turn} turn
 * @param {State} state
 * @param {string[]} gone
 */
function cutOff(turn, state, gone) {
  if (turn.role !== "assistant") return false;
  return turn.id === state.speaking || (turn.status === "coming" && turn.responseId !== null && gone.includes(turn.responseId));
}

/**
 * The old words stay above a line, under which a new conversation begins; what never reached the old one is said in the new.
 *
 * @param {State} state
 * @returns {State}
 */
export function divided(state) {
  const fresh = state.turns.findIndex((turn) => state.unconfirmed.includes(turn.id));
  const next = fresh < 0 ? [] : state.turns.slice(fresh);
  const old = state.turns.slice(0, state.turns.length - next.length).filter((turn) => turn.kept).map(unwritten);
  if (!old.length || old.at(-1)?.role === "divider") return { ...state, ...AT_REST, turns: [...old, ...next] };
  return { ...state, ...AT_REST, turns: [...withTurn(old, `after ${old.at(-1)?.id}`, { role: "divider", status: "done" }), ...next] };
}

/**
 * Nobody writes down any more what was spoken in a conversation that is over.
 *
 * @param {Turn} turn
 * @returns {Turn}
 */
function unwritten(turn) {
  return turn.role === "user" && turn.status === "coming" ? { ...turn, status: "failed" } : turn;
}

/**
 * Something is taken back: a message that was refused, or, where the model's line was lost in mid-answer, what it had begun to say and
 * says anew.
 *
 * @param {State} before
 * @param {{ item_id: string }} event
 * @returns {State}
 */
export function onDeleted(before, { item_id: id }) {
  const turn = turnOf(before.turns, id);
  if (!turn) return before;
  const state = { ...before, unconfirmed: before.unconfirmed.filter((each) => each !== id) };
  const turns = state.turns.filter((each) => each !== turn);
  if (turn.role !== "assistant" || turn.responseId === null) return { ...state, turns };
  const [speaking, responding] = [state.speaking === id ? null : state.speaking, state.responding === turn.responseId ? null : state.responding];
  const anew = state.responding === turn.responseId;
  const silenced = [...state.silenced, turn.responseId].slice(-SILENCED_KEPT);
  return { ...state, turns, speaking, responding, silenced, searches: [], waiting: state.waiting || anew };
}

/**
 * The network is lost, and the page tries to come back: all stays as it was, but for what was said to be the end.
 *
 * @param {State} state
 * @returns {State}
 */
export function onAway(state) {
  const letGo = state.held ? { held: false, hearing: false } : {};
  return { ...state, ...letGo, paused: false, connection: "away", notices: state.notices.filter((notice) => notice.passing) };
}

/**
 * @param {State} state
 * @param {{ conversation_id: string, resumed?: boolean, version?: string, voices?: string[], doors?: Doors | null }} event
 * @returns {State}
 */
export function onGreeting(state, { conversation_id: id, resumed = false, version = "", voices = [], doors = null }) {
  const conversation = { id, version, voices: voices ?? [], doors };
  const notices = version && version !== VERSION ? withNotice(state.notices, noticeFor("version_mismatch")) : state.notices;
  if (state.connection !== "away") return { ...state, connection: "open", conversation, notices };
  const code = resumed ? "network_resumed" : "network_not_resumed";
  const before = { ...state, notices };
  const kept = resumed ? before : { ...divided(hushed(before)), waiting: state.unconfirmed.length > 0 };
  return { ...kept, connection: "open", conversation, notices: withNotice(kept.notices, noticeFor(code)) };
}
