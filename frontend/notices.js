/**
 * What a person is told when something is amiss: codes, which of them pass by themselves, which end the turn in hand. The sentences
 * stand in the locale. Pure.
 */

/** @typedef {{ code: string, message: string, detail: string, retryAfterMs: number | null, passing: boolean, lasting: boolean, endsTurn: boolean, brief: boolean }} Notice
 *   detail: words of the organisation's own, beside the sentence; passing: the next turn begins without it, unless it is lasting */

/** Notices that stand at once; more than these nobody reads. */
const NOTICES_SHOWN = 3;

/** After one of these no answer comes to the turn in hand. */
const END_A_TURN = /^(model_|message_|bad_event|not_allowed|too_large|internal_error)/;

/** These need nothing done about them: they are said quietly and go by themselves. */
const BRIEF = new Set(["hold_longer", "network_resumed"]);

/** What only a fresh page mends. */
export const RELOADS = new Set(["version_mismatch", "wrong_access_key"]);

/** What a new connection does not mend, for the server reaches the model only once it has a question for it. */
const OUTLAST_A_SOCKET = /^model_/;

/** What a setting's name looks like. */
const SETTING = /\b[A-Z]{2,}(?:_[A-Z]+)+\b/;

/** Of these the server's sentence is for whoever runs the page also where it names no setting, but a role or a filter of Azure's. */
const FOR_WHO_RUNS_IT = new Set(["search_refused", "model_withheld"]);

/** Why a socket closed, by its code; 1008 has several reasons and brings the notice with it. */
const CLOSINGS = /** @type {Record<number, string>} */ ({
  1000: "goodbye",
  1001: "server_going_away",
  1008: "refused",
  1009: "too_large",
  1011: "model_hung_up",
  1012: "server_going_away",
  1013: "too_many_conversations",
});

/**
 * @param {string} code
 * @param {{ message?: string, detail?: string, recoverable?: boolean, retry_after_ms?: number | null }} [said]
 * @returns {Notice}
 */
export function noticeFor(code, { message = "", detail = "", recoverable = true, retry_after_ms: retryAfterMs = null } = {}) {
  const kind = { passing: recoverable, lasting: RELOADS.has(code), endsTurn: END_A_TURN.test(code), brief: BRIEF.has(code) };
  return { code, message, detail, retryAfterMs, ...kind };
}

/**
 * @param {Notice[]} notices
 * @param {Notice} notice
 */
export function withNotice(notices, notice) {
  return [...withoutNotice(notices, notice.code), notice].slice(-NOTICES_SHOWN);
}

/**
 * @param {Notice[]} notices
 * @param {string} code
 */
export function withoutNotice(notices, code) {
  return notices.filter((notice) => notice.code !== code);
}

/**
 * The server's own sentence, where it says what to look at: nothing for who only talks here, but they can pass it on.
 *
 * @param {Notice} notice
 */
export function forWhoRunsIt({ code, message }) {
  return FOR_WHO_RUNS_IT.has(code) || SETTING.test(message) ? message : "";
}

/**
 * What is still to be read when somebody starts again: else the page would look as if nothing were amiss until the next question fails.
 *
 * @param {Notice | null} ended why the connection before this one was lost
 * @returns {Notice[]}
 */
export function outlasting(ended) {
  return ended && OUTLAST_A_SOCKET.test(ended.code) ? [{ ...ended, passing: true }] : [];
}

/**
 * The code of the sentence that says why a socket closed.
 *
 * @param {{ code: number, reason: string, opened: boolean, lost: boolean, stayedAway?: boolean }} closing
 */
export function closingCode({ code, reason, opened, lost, stayedAway = false }) {
  if (stayedAway) return "network_away_too_long";
  if (lost) return "network_lost";
  if (!opened) return "server_unreachable";
  if (code === 1008 && /^[a-z_]+$/.test(reason)) return reason;
  return CLOSINGS[code] ?? "network_lost";
}
