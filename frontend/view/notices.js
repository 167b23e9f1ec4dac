/**
 * What is amiss, in sentences, each told once by a screen reader as it appears: at once where it ends the conversation, else when there
 * is a pause. The one that says why there is no connection carries the button to start again (`ask-again`), one that a fresh page mends
 * the button for that (`ask-reload`); the others can be put away (`ask-dismiss`, detail: the code). The newest stands first, where it is
 * seen without scrolling; whose button goes with its row is led to the next, or to the round button (`ask-hold`). A time to wait for is
 * counted down for the eye alone: told each second it would be all that a screen reader says.
 */

import { RELOADS, forWhoRunsIt } from "../notices.js";
import { sentenceFor } from "../locale.js";
import { attribute, element, glyph, keep, say, wish } from "./element.js";
import { words } from "./words.js";

/** @import { State } from "../conversation.js" */
/** @import { Notice } from "../notices.js" */
/** @typedef {{ notice: Notice, final: boolean }} Row final: it says why there is no connection */

/** How often a time to wait for is counted down. */
const TICK_MS = 1_000;

/**     <ask-notices></ask-notices> */
export class Notices extends HTMLElement {
  /** Of rows with a time to wait for: what they say, and when that will be, by a steady clock. */
  #timed = /** @type {Map<Element, { notice: Notice, until: number }>} */ (new Map());
  #ticking = 0;

  connectedCallback() {
    // Not atomic: of several only the new one is told.
    this.calm = element("div", { role: "status", "aria-atomic": "false", "aria-label": words("notice.label") });
    this.urgent = element("div", { role: "alert", "aria-atomic": "false" });
    this.append(this.urgent, this.calm);
  }

  /** @param {State} state */
  render({ notices, ended }) {
    const all = [...notices.map((notice) => ({ notice, final: false })), ...(ended ? [{ notice: ended, final: true }] : [])];
    // What the server said before it closed and what the page says after it is one notice: it keeps its row, and is told once.
    const key = (/** @type {Row} */ { notice }) => notice.code;
    const isUrgent = (/** @type {Row} */ { notice, final }) => final || !notice.passing;
    const focused = this.#rows().findIndex((row) => row.contains(document.activeElement));
    const lay = (/** @type {Element | undefined} */ place, /** @type {Row[]} */ rows) => {
      if (place) keep(place, rows.toReversed(), key, makeRow, (row, { notice, final }) => this.#update(row, notice, final));
    };
    lay(this.calm, all.filter((row) => !isUrgent(row)));
    lay(this.urgent, all.filter(isUrgent));
    this.#tick();
    if (focused >= 0 && !this.contains(document.activeElement)) this.#lead(focused);
  }

  /** Those that are seen: on a narrow screen the older ones wait. */
  #rows() {
    return [...this.querySelectorAll(".notice")].filter((row) => row.getClientRects().length);
  }

  /** @param {number} from the place of a row that has gone, in which the person was */
  #lead(from) {
    const rows = this.#rows();
    const next = rows[Math.min(from, rows.length - 1)]?.querySelector("button");
    if (next) next.focus();
    else wish(this, "ask-hold");
  }

  /**
   * @param {HTMLElement} row
   * @param {Notice} notice
   * @param {boolean} final
   */
  #update(row, notice, final) {
    const sentence = sentenceFor(notice);
    this.#time(row, notice);
    say(/** @type {Element} */ (row.querySelector(".sentence")), sentence);
    say(/** @type {Element} */ (row.querySelector(".remark")), notice.detail);
    const named = forWhoRunsIt(notice);
    this.#name(/** @type {Element} */ (row.querySelector(".setting")), sentence.includes(named) ? "" : named);
    attribute(row, "data-brief", notice.brief);
    const there = row.querySelector("button");
    if (there && row.hasAttribute("data-final") === final) return;
    attribute(row, "data-final", final);
    const button = this.#button(notice.code, final);
    if (there) there.replaceWith(button);
    else row.append(button);
  }

  /**
   * @param {Element} row
   * @param {Notice} notice
   */
  #time(row, notice) {
    if (notice.retryAfterMs === null) this.#timed.delete(row);
    else if (this.#timed.get(row)?.notice !== notice) this.#timed.set(row, { notice, until: performance.now() + notice.retryAfterMs });
    row.querySelector(".sentence")?.classList.toggle("unseen", notice.retryAfterMs !== null);
    if (notice.retryAfterMs === null) say(/** @type {Element} */ (row.querySelector(".countdown")), "");
  }

  /** Say how long it is still, and again in a second. */
  #tick() {
    clearTimeout(this.#ticking);
    for (const [row, { notice, until }] of this.#timed) {
      if (!row.isConnected) this.#timed.delete(row);
      say(/** @type {Element} */ (row.querySelector(".countdown")), sentenceFor({ ...notice, retryAfterMs: Math.max(0, until - performance.now()) }));
    }
    if (this.#timed.size) this.#ticking = setTimeout(() => this.#tick(), TICK_MS);
  }

  /**
   * @param {Element} place
   * @param {string} named for whoever runs the page, in the server's language
   */
  #name(place, named) {
    if ((place.querySelector(".named")?.textContent ?? "") === named) return;
    place.replaceChildren(...(named ? [words("notice.admin"), " ", element("span", { class: "named", lang: "en", dir: "ltr" }, named)] : []));
  }

  /**
   * @param {string} code
   * @param {boolean} final
   */
  #button(code, final) {
    const [said, wanted] = RELOADS.has(code) ? /** @type {const} */ (["notice.reload", "ask-reload"]) : /** @type {const} */ (["notice.again", "ask-again"]);
    const act = final || RELOADS.has(code);
    const button = act
      ? element("button", { type: "button", class: "again" }, words(said))
      : element("button", { type: "button", class: "dismiss", "aria-label": words("notice.dismiss") }, glyph("close"));
    button.addEventListener("click", () => (act ? wish(this, wanted) : wish(this, "ask-dismiss", code)));
    return button;
  }
}

function makeRow() {
  const told = [element("span", { class: "sentence" }), element("span", { class: "countdown", "aria-hidden": "true" })];
  const sentence = element("p", {}, ...told, element("span", { class: "remark", dir: "auto" }), element("span", { class: "setting" }));
  return element("div", { class: "notice" }, glyph("warning"), sentence);
}

customElements.define("ask-notices", Notices);
