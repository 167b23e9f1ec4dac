/**
 * One exchange on the page: the question, what was searched for, the answers under it and the sources beside it. Drawn again only where
 * something it shows is another than when it was drawn last, so that an hour's talk costs a draw no more than its newest exchange.
 */

import { language, listed, t } from "../locale.js";
import { caption } from "./caption.js";
import { attribute, element, glyph, keep, say } from "./element.js";
import { words } from "./words.js";

/** @import { State } from "../conversation.js" */
/** @import { Sources } from "./sources.js" */
/** @import { Exchange, Turn } from "../turns.js" */

/** What each exchange was drawn from. */
const drawn = /** @type {WeakMap<Element, unknown[]>} */ (new WeakMap());

export function makeExchange() {
  return element(
    "article",
    { class: "exchange" },
    element("div", { class: "said" }, element("h2", { class: "question", dir: "auto" }), element("p", { class: "query", hidden: true }), element("div", { class: "answers" })),
    document.createElement("ask-sources"), // it comes to life when its room is there
  );
}

/**
 * @param {Element} article
 * @param {Exchange} exchange
 * @param {State} state
 * @param {string | undefined} newest the exchange that is under way
 * @param {Map<string, number>} heard how many characters of an answer were
 */
export function updateExchange(article, exchange, state, newest, heard) {
  const underWay = exchange.id === newest;
  const sources = /** @type {Sources | null} */ (article.querySelector("ask-sources:defined"));
  const shown = shownBy(exchange, state, underWay, heard, sources !== null);
  if (same(drawn.get(article), shown)) return;
  drawn.set(article, shown);
  const answers = article.querySelector(".answers");
  if (!answers) return;
  if (exchange.divided && !article.querySelector(".divider")) article.prepend(element("p", { class: "divider" }, element("span", {}, words("turn.divider"))));
  updateQuestion(article, exchange, state, underWay);
  keep(answers, exchange.answers, (turn) => turn.id, makeAnswer, (block, turn) => updateAnswer(block, turn, heard.get(turn.id), state.speaking === turn.id));
  sources?.render(exchange, exchange.answers.map((turn) => turn.text).join("\n"), state.searches.length > 0 && underWay);
}

/**
 * All that `updateExchange` looks at. The reducer never changes what it once made, so the same object says the same.
 *
 * @param {Exchange} exchange
 * @param {State} state
 * @param {boolean} underWay
 * @param {Map<string, number>} heard
 * @param {boolean} laidDown whether cards can be
 * @returns {unknown[]}
 */
function shownBy({ question, answers, cards, queries, judged, divided }, state, underWay, heard, laidDown) {
  const now = underWay || question?.kept === false ? [state.hearing, state.searches.length > 0] : [];
  const spoken = answers.flatMap(({ id }) => [heard.get(id), state.speaking === id]);
  return [language(), laidDown, underWay, question, cards, queries, judged, divided, ...now, ...answers, ...spoken];
}

/**
 * @param {unknown[] | undefined} before
 * @param {unknown[]} after
 */
function same(before, after) {
  return before?.length === after.length && after.every((each, i) => each === before[i]);
}

/**
 * @param {Element} article
 * @param {Exchange} exchange
 * @param {State} state
 * @param {boolean} underWay
 */
function updateQuestion(article, exchange, state, underWay) {
  const [question, query] = /** @type {HTMLElement[]} */ ([...article.querySelectorAll(".question, .query")]);
  if (!question || !query) return;
  const asked = exchange.question ? questionWords(exchange.question, exchange.answers, state) : { text: "", quiet: false };
  say(question, asked.text);
  attribute(question, "hidden", !exchange.question);
  attribute(question, "data-quiet", asked.quiet);
  attribute(question, "data-sounding", state.hearing && underWay && exchange.question?.kept === false);
  const sought = exchange.queries.filter((each) => !within(each, asked.text)).map((each) => t("turn.query.quoted", { query: each }));
  const lookedFor = sought.length ? t("turn.query", { queries: listed(sought) }) : "";
  say(query, lookedFor);
  attribute(query, "title", lookedFor); // the line on the page ends where the page does
  attribute(query, "hidden", !lookedFor);
}

/**
 * Whether a query only repeats words of the question, and need not be shown.
 *
 * @param {string} query
 * @param {string} question
 */
function within(query, question) {
  const asked = new Set(spoken(question));
  return spoken(query).every((word) => asked.has(word));
}

/** @param {string} words as they sound */
function spoken(words) {
  return words.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/**
 * The question's words, or, while there are none, where they are.
 *
 * @param {Turn} turn
 * @param {Turn[]} answers
 * @param {State} state
 */
function questionWords(turn, answers, state) {
  if (turn.text) return { text: turn.text, quiet: false };
  if (turn.status === "done") return { text: t("turn.nothing"), quiet: true };
  if (!turn.kept && state.hearing) return { text: t("turn.hearing"), quiet: true };
  const late = turn.status === "failed" || answers.some((answer) => answer.status !== "coming");
  return { text: t(late ? "turn.unwritten" : "turn.writing"), quiet: true };
}

function makeAnswer() {
  return element("div", { class: "answer" }, element("p", { class: "text", dir: "auto" }), element("p", { class: "mark", hidden: true }));
}

/**
 * @param {Element} block
 * @param {Turn} turn
 * @param {number | undefined} heard
 * @param {boolean} sounding
 */
function updateAnswer(block, turn, heard, sounding) {
  const [text, mark] = block.children;
  if (!text || !mark) return;
  if (turn.text) caption(text, turn.text, heard);
  else caption(text, turn.status === "coming" ? t("turn.coming") : "", undefined);
  attribute(block, "data-status", turn.status);
  attribute(block, "data-sounding", sounding);
  attribute(text, "data-quiet", !turn.text);
  const remark = turn.status === "interrupted" ? t("turn.interrupted") : turn.status === "failed" ? t("turn.failed") : "";
  if (mark.textContent !== remark) mark.replaceChildren(...(remark ? [glyph("stop"), remark] : []));
  attribute(mark, "hidden", !remark);
}
