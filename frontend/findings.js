/**
 * What was searched for and found, and which of it an answer used: the reducer's rules for `askaloud.searching`, `.sources` and
 * `.cited`. Each lies with the question that it belongs to. Pure, like the reducer.
 */

import { exchanges } from "./turns.js";

/** @import { State } from "./conversation.js" */
/** @import { Source } from "./wire.d.ts" */

/** Queries that are kept for one question: a turn has no more rounds of tools than four. */
const QUERIES_KEPT = 4;

/**
 * @param {State} state
 * @param {{ call_id: string, query: string | null }} event
 * @returns {State}
 */
export function onSearching(state, { call_id: call, query }) {
  const home = lastQuestion(state);
  const searches = [...state.searches.filter((each) => each !== call), call];
  if (home === null || !query) return { ...state, searches };
  const had = (state.queries[home] ?? []).filter((each) => each !== query);
  return { ...state, searches, queries: { ...state.queries, [home]: [...had, query].slice(-QUERIES_KEPT) } };
}

/**
 * @param {State} state
 * @param {{ call_id: string, user_item_id: string | null, sources: Source[] }} event
 * @returns {State}
 */
export function onSources(state, { call_id: call, user_item_id: item, sources }) {
  const searches = state.searches.filter((each) => each !== call);
  const home = item ?? lastQuestion(state);
  if (home === null) return { ...state, searches };
  const had = state.cards[home] ?? [];
  const fresh = sources.filter((source) => !had.some((card) => card.id === source.id)).map((source) => ({ ...source, cited: false }));
  return { ...state, searches, cards: { ...state.cards, [home]: [...had, ...fresh] } };
}

/**
 * Mark what the answer used; a source that was found for an earlier question is laid beside this one too.
 *
 * @param {State} state
 * @param {{ response_id: string | null, item_id: string | null, source_ids: string[] }} event
 * @returns {State}
 */
export function onCited(state, { response_id: responseId, item_id: id, source_ids: ids }) {
  const said = state.turns.findLast((turn) => turn.id === id || (responseId !== null && turn.responseId === responseId));
  const home = exchanges(state).find((exchange) => said && exchange.answers.includes(said))?.id ?? lastQuestion(state);
  if (home === null) return state;
  const had = state.cards[home] ?? [];
  const earlier = Object.values(state.cards).flat().toReversed();
  const missing = ids.filter((each) => !had.some((card) => card.id === each)).map((each) => earlier.find((card) => card.id === each));
  const cards = [...had, ...missing.filter((card) => card !== undefined)].map((card) => (ids.includes(card.id) ? { ...card, cited: true } : card));
  return { ...state, cards: { ...state.cards, [home]: cards }, judged: { ...state.judged, [home]: true } };
}

/** @param {State} state */
function lastQuestion(state) {
  return state.turns.findLast((turn) => turn.role === "user")?.id ?? null;
}
