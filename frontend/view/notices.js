/**
 * What is amiss, in sentences, each told once by a screen reader as it appears: at once where it ends the conversation, else when there
 * is a pause. The one that says why there is no connection carries the button to start again (`ask-again`), one that a fresh page mends
 * the button for that (`ask-reload`); the others can be put away (`ask-dismiss`, detail: the code).
 */

import { RELOADS } from "../notices.js";
import { sentenceFor } from "../locale.js";
import { attribute, element, glyph, keep, say, wish } from "./element.js";
import { words } from "./words.js";

/** @import { State } from "../conversation.js" */
/** @import { Notice } from "../notices.js" */
/** @typedef {{ notice: Notice, final: boolean }} Row final: it says why there is no connection */

/** Of these the server's own sentence says more than the page can: which setting it was. */
const DETAILED = new Set(["model_refused_setting"]);

/**     <ask-notices></ask-notices> */
export class Notices extends HTMLElement {
  connectedCallback() {
    // Not atomic: of several only the new one is told.
    this.calm = element("div", { role: "status", "aria-atomic": "false", "aria-label": words("notice.label") });
    this.urgent = element("div", { role: "alert", "aria-atomic": "false" });
    this.append(this.calm, this.urgent);
  }

  /** @param {State} state */
  render({ notices, ended }) {
    const all = [...notices.map((notice) => ({ notice, final: false })), ...(ended ? [{ notice: ended, final: true }] : [])];
    // What the server said before it closed and what the page says after it is one notice: it keeps its row, and is told once.
    const key = (/** @type {Row} */ { notice }) => notice.code;
    const isUrgent = (/** @type {Row} */ { notice, final }) => final || !notice.passing;
    const lay = (/** @type {Element | undefined} */ place, /** @type {Row[]} */ rows) => {
      if (place) keep(place, rows, key, makeRow, (row, { notice, final }) => this.#update(row, notice, final));
    };
    lay(this.calm, all.filter((row) => !isUrgent(row)));
    lay(this.urgent, all.filter(isUrgent));
  }

  /**
   * @param {HTMLElement} row
   * @param {Notice} notice
   * @param {boolean} final
   */
  #update(row, notice, final) {
    say(/** @type {Element} */ (row.querySelector(".sentence")), sentenceFor(notice));
    const detail = DETAILED.has(notice.code) ? notice.message : notice.detail;
    say(/** @type {Element} */ (row.querySelector(".remark")), detail);
    attribute(row, "data-brief", notice.brief);
    const there = row.querySelector("button");
    if (there && row.hasAttribute("data-final") === final) return;
    attribute(row, "data-final", final);
    const button = this.#button(notice.code, final);
    if (there) there.replaceWith(button);
    else row.append(button);
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
  const sentence = element("p", {}, element("span", { class: "sentence" }), element("span", { class: "remark", dir: "auto" }));
  return element("div", { class: "notice" }, glyph("warning"), sentence);
}

customElements.define("ask-notices", Notices);
