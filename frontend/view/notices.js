/**
 * What is amiss, in sentences, each told once by a screen reader as it appears: at once where it ends the conversation, else when there
 * is a pause. The one that says why there is no connection carries the button to start again (`ask-again`), one that a fresh page mends
 * the button for that (`ask-reload`); the others can be put away (`ask-dismiss`, detail: the code). The newest stands first, where it is
 * seen without scrolling; whose button goes with its row is led to the next, or to the round button (`ask-hold`).
 */

import { RELOADS, forWhoRunsIt } from "../notices.js";
import { sentenceFor } from "../locale.js";
import { attribute, element, glyph, keep, say, wish } from "./element.js";
import { words } from "./words.js";

/** @import { State } from "../conversation.js" */
/** @import { Notice } from "../notices.js" */
/** @typedef {{ notice: Notice, final: boolean }} Row final: it says why there is no connection */

/**     <ask-notices></ask-notices> */
export class Notices extends HTMLElement {
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
  const sentence = element("p", {}, element("span", { class: "sentence" }), element("span", { class: "remark", dir: "auto" }), element("span", { class: "setting" }));
  return element("div", { class: "notice" }, glyph("warning"), sentence);
}

customElements.define("ask-notices", Notices);
