/** A passage as paragraphs and tables, with the words that count marked in it. Makes text nodes only. */

import { used } from "../citing.js";
import { blocks } from "../layout.js";
import { element } from "./element.js";

/** @import { Place } from "../layout.js" */

/**
 * @param {string} text the whole passage
 * @param {string} excerpt what the card showed of it; it counts where no sentence of the answer is found in the text
 * @param {string} [answer] the words of the answer that used it
 * @returns {Place[]} what is to be marked, in order; none where neither is found
 */
export function telling(text, excerpt, answer = "") {
  return joined(text, [used(text, answer), found(text, excerpt)].find((each) => each.length) ?? []);
}

/**
 * @param {string} text the whole passage
 * @param {Place[]} telling what is to be marked of it, in order; none: all
 * @returns {HTMLElement[]} paragraphs and tables
 */
export function marked(text, telling) {
  /** @type {Place[]} */
  const places = telling.length ? telling : [[0, text.length]];
  return blocks(text).map((block) => (block.kind === "table" ? table(text, block.rows, places) : element("p", { dir: "auto" }, ...parts(text, block.place, places))));
}

/**
 * The words of a card, on which no element may stand that takes a click of its own: tables are made of spans.
 *
 * @param {string} excerpt
 * @returns {HTMLElement[]}
 */
export function onCard(excerpt) {
  return blocks(excerpt).map((block) => {
    if (block.kind === "paragraph") return element("span", { class: "line" }, excerpt.slice(...block.place));
    // The blanks between cells are for those who hear the card.
    const rows = block.rows.map((row) => element("span", { class: "row" }, ...row.flatMap((cell) => [element("span", { class: "cell" }, excerpt.slice(...cell)), " "])));
    return element("span", { class: "table" }, ...rows);
  });
}

/**
 * @param {string} text
 * @param {Place[][]} rows
 * @param {Place[]} places
 */
function table(text, [head = [], ...body], places) {
  const row = (/** @type {Place[]} */ cells, /** @type {"th" | "td"} */ tag) =>
    element("tr", {}, ...cells.map((cell) => element(tag, { scope: tag === "th" ? "col" : null, dir: "auto" }, ...parts(text, cell, places))));
  const rows = body.map((cells) => row(cells, "td"));
  return element("div", { class: "table" }, element("table", {}, element("thead", {}, row(head, "th")), element("tbody", {}, ...rows)));
}

/**
 * @param {string} text
 * @param {Place} whole
 * @param {Place[]} places to be marked, in order
 * @returns {(string | HTMLElement)[]}
 */
function parts(text, [from, to], places) {
  const made = [];
  let at = from;
  for (const place of places) {
    const [start, end] = [Math.max(place[0], at), Math.min(place[1], to)];
    if (start >= end) continue;
    made.push(text.slice(at, start), element("mark", {}, text.slice(start, end)));
    at = end;
  }
  return [...made, text.slice(at, to)].filter((part) => part !== "");
}

/**
 * Places with nothing between them but white space, as one.
 *
 * @param {string} text
 * @param {Place[]} places in order
 */
function joined(text, places) {
  /** @type {Place[]} */
  const all = [];
  for (const [from, to] of places) {
    const last = all.at(-1);
    if (last && !text.slice(last[1], from).trim()) last[1] = to;
    else all.push([from, to]);
  }
  return all;
}

/**
 * Where the lines of the excerpt stand. White space may differ, and dots at its ends only say that the text goes on.
 *
 * @param {string} text
 * @param {string} excerpt
 * @returns {Place[]} in order; none where one of them is not there
 */
function found(text, excerpt) {
  /** @type {Place[]} */
  const places = [];
  for (const line of excerpt.split("\n")) {
    const words = line.replace(/^[\s.…]*…|(…|\.\.\.)\s*$/g, "").split(/\s+/).filter(Boolean);
    if (!words.length) continue;
    const pattern = new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+"), "g");
    pattern.lastIndex = places.at(-1)?.[1] ?? 0;
    const match = pattern.exec(text);
    if (!match) return [];
    places.push([match.index, match.index + match[0].length]);
  }
  return places;
}
