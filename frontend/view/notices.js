/**
 * What is amiss, in sentences, spoken politely by a screen reader as they appear. The one that says why there is no connection
 * carries the button to start again (`ask-again`); the others can be put away (`ask-dismiss`, detail: the code).
 */

import { sentenceFor, t } from "../locale.js";
import { attribute, element, glyph, keep, say, wish } from "./element.js";

/** @import { State } from "../conversation.js" */
/** @import { Notice } from "../notices.js" */

/** Of these the server's own sentence says more than the page can: which setting it was. */
const DETAILED = new Set(["model_refused_setting"]);

/**     <ask-notices></ask-notices> */
export class Notices extends HTMLElement {
  connectedCallback() {
    this.list = element("div", { role: "status", "aria-live": "polite", "aria-label": t("notice.label") });
    this.append(this.list);
  }

  /** @param {State} state */
  render({ notices, ended }) {
    const all = [...notices.map((notice) => ({ notice, final: false })), ...(ended ? [{ notice: ended, final: true }] : [])];
    // What the server said before it closed and what the page says after it is one notice: it keeps its row, and is spoken once.
    const key = (/** @type {{ notice: Notice }} */ { notice }) => notice.code;
    if (this.list) keep(this.list, all, key, makeRow, (row, { notice, final }) => this.#update(row, notice, final));
  }

  /**
   * @param {HTMLElement} row
   * @param {Notice} notice
   * @param {boolean} final
   */
  #update(row, notice, final) {
    say(/** @type {Element} */ (row.querySelector(".sentence")), sentenceFor(notice));
    const detail = DETAILED.has(notice.code) ? notice.message : "";
    say(/** @type {Element} */ (row.querySelector(".remark")), detail);
    attribute(row, "data-brief", notice.brief);
    const there = row.querySelector("button");
    if (there && row.hasAttribute("data-final") === final) return;
    attribute(row, "data-final", final);
    const button = final
      ? element("button", { type: "button", class: "again" }, t("notice.again"))
      : element("button", { type: "button", class: "dismiss", "aria-label": t("notice.dismiss") }, glyph("close"));
    button.addEventListener("click", () => (final ? wish(this, "ask-again") : wish(this, "ask-dismiss", notice.code)));
    if (there) there.replaceWith(button);
    else row.append(button);
  }
}

function makeRow() {
  const words = element("p", {}, element("span", { class: "sentence" }), element("span", { class: "remark" }));
  return element("div", { class: "notice" }, glyph("warning"), words);
}

customElements.define("ask-notices", Notices);
