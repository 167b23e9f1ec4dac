/**
 * A conversation as Markdown, with the sources of each answer. Words of people and documents are escaped, so that they stay words.
 * Pure, but for the locale's sentences.
 */

import { dated, t } from "./locale.js";
import { exchanges } from "./turns.js";

/** @import { State } from "./conversation.js" */
/** @import { Card, Exchange, Turn } from "./turns.js" */

/** What Markdown would take for its own, anywhere in a line. */
const MARKS = /[\\`*_[\]<>|~&]/g;

/** And what it would at the beginning of one: headings, lists, and lists with numbers. */
const BEGINNINGS = /^(\s*)(?:([#+-])|(\d+)(?=[.)]))/gm;

/**
 * @param {State} state
 * @param {Date} when
 * @returns {string}
 */
export function markdown(state, when) {
  const date = dated(when);
  const parts = [`# ${t("export.title", { date })}`, ...exchanges(state).flatMap(exchange)];
  return parts.filter(Boolean).join("\n\n") + "\n";
}

/** @param {Date} when */
export function fileName(when) {
  return `ask-aloud-${when.toISOString().slice(0, 16).replace(/[T:]/g, "-")}.md`;
}

/** @param {Exchange} exchange */
function exchange({ question, answers, cards, judged, divided }) {
  const asked = question ? [`## ${question.text ? escaped(question.text).replace(/\n+/g, " ") : t("turn.unwritten")}`] : [];
  const sources = cards.length ? [`### ${t("export.sources")}`, cards.map((card) => source(card, judged)).join("\n")] : [];
  return [...(divided ? ["---", `*${t("turn.divider")}*`] : []), ...asked, ...answers.flatMap(answer), ...sources];
}

/** @param {Turn} turn */
function answer({ text, status }) {
  const remark = status === "interrupted" ? t("turn.interrupted") : status === "failed" ? t("turn.failed") : "";
  return [escaped(text), remark && `*${remark}*`];
}

/**
 * @param {Card} card
 * @param {boolean} judged it is known which sources the answer used
 */
function source({ number, title, page, excerpt, cited }, judged) {
  const leaf = page === null ? "" : `, ${t("source.page", { page })}`;
  const use = judged ? ` – ${t(cited ? "source.used" : "export.unused")}` : "";
  const words = excerpt.split("\n").map((line) => `  > ${escaped(line)}`);
  return [`- **${t("source.number", { number })} ${escaped(title).replace(/\n+/g, " ")}**${leaf}${use}`, "", ...words, ""].join("\n");
}

/** @param {string} words */
function escaped(words) {
  return words.replace(MARKS, "\\$&").replace(BEGINNINGS, (_, space, mark, number) => (mark ? `${space}\\${mark}` : `${space}${number}\\`));
}
