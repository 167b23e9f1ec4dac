/**
 * What both sides said, in order: the turns of a conversation, and how they fall into exchanges of a question and its answers.
 * Pure: each function returns a new list and leaves the one it got alone.
 */

/** @import { Item, Source } from "./wire.d.ts" */
/** @typedef {"coming" | "done" | "interrupted" | "failed"} Status */
/**
 * @typedef {object} Turn
 * @property {string} id the protocol's item id
 * @property {"user" | "assistant" | "divider"} role a divider stands where a new conversation begins under an old one
 * @property {string} text
 * @property {Status} status
 * @property {string | null} responseId
 * @property {boolean} spoken
 * @property {boolean} kept false while it may still turn out to have been only a noise
 */
/** @typedef {Source & { cited: boolean }} Card */
/** @typedef {{ id: string, question: Turn | null, answers: Turn[], cards: Card[], judged: boolean, queries: string[], divided: boolean }} Exchange */

/** Of an exchange without them; always the same, so that it is seen that nothing changed. */
const NONE = /** @type {never[]} */ ([]);

/** Turns that the page keeps: an hour of quick talk; the oldest go first. */
const TURNS_KEPT = 400;

/**
 * @param {Turn[]} turns
 * @param {string} id
 */
export function turnOf(turns, id) {
  return turns.find((turn) => turn.id === id) ?? null;
}

/**
 * Change one turn, or begin it at the end where it is not there yet.
 *
 * @param {Turn[]} turns
 * @param {string} id
 * @param {Partial<Turn>} change
 * @returns {Turn[]}
 */
export function withTurn(turns, id, change) {
  if (turnOf(turns, id)) return turns.map((turn) => (turn.id === id ? { ...turn, ...change } : turn));
  /** @type {Turn} */
  const made = { id, role: "user", text: "", status: "coming", responseId: null, spoken: true, kept: true, ...change };
  return [...turns, made].slice(-TURNS_KEPT);
}

/**
 * Put a turn behind the one that the server says it follows; where the server says nothing, or names one that the page does not
 * know, it stays.
 *
 * @param {Turn[]} turns
 * @param {string} id
 * @param {string | null | undefined} previous
 * @returns {Turn[]}
 */
export function placed(turns, id, previous) {
  const turn = turnOf(turns, id);
  if (!turn || !previous || previous === id || !turnOf(turns, previous)) return turns;
  const others = turns.filter((each) => each !== turn);
  const at = others.findIndex((each) => each.id === previous) + 1;
  return [...others.slice(0, at), turn, ...others.slice(at)];
}

/**
 * The words that an item of the protocol brings with it.
 *
 * @param {Item} item
 */
export function wordsOf(item) {
  return (item.content ?? [])
    .map((part) => part.text ?? part.transcript ?? "")
    .filter(Boolean)
    .join("\n");
}

/**
 * @param {{ turns: Turn[], cards: Record<string, Card[]>, queries: Record<string, string[]>, judged: Record<string, boolean> }} state
 * @returns {Exchange[]} questions with the answers that followed and the sources that were found for them
 */
export function exchanges({ turns, cards, queries, judged }) {
  /** @type {Exchange[]} */
  const all = [];
  let divided = false;
  for (const turn of turns) {
    const last = all.at(-1);
    if (turn.role === "divider") divided = all.length > 0;
    else if (turn.role === "assistant" && last && !divided) last.answers.push(turn);
    else {
      const question = turn.role === "user" ? turn : null;
      const answers = question ? [] : [turn];
      const found = cards[turn.id] ?? NONE;
      all.push({ id: turn.id, question, answers, cards: found, judged: judged[turn.id] ?? false, queries: queries[turn.id] ?? NONE, divided });
      divided = false;
    }
  }
  return all;
}
