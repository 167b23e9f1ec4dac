/**
 * What is amiss, in sentences, spoken politely by a screen reader as they appear. The one that says why there is no connection
 * carries the button to start again (`ask-again`); the others can be put away (`ask-dismiss`, detail: the code).
 */

import { sentenceFor, t } from "../locale.js";
import { attribute, element, glyph, keep, say, wish } from "./element.js";

/** @import { State } from "../conversation.js" */
/** @import { Notice } from "../notices.js" */

/**     <ask-notices></ask-notices> */
export class Notices extends HTMLElement {
  connectedCallback() {
    this.list = element("div", { role: "status", "aria-live": "polite", "aria-label": t("notice.label") });
    this.append(this.list);
  }

  /** @param {State} state */
  render({ notices, ended }) {
    const all = [...notices.map((notice) => ({ notice, final: false })), ...(ended ? [{ notice: ended, final: true }] : [])];
    const key = (/** @type {{ notice: Notice, final: boolean }} */ { notice, final }) => `${notice.code} ${final}`;
    if (this.list) keep(this.list, all, key, ({ final }) => this.#make(final), (row, { notice }) => update(row, notice));
  }

  /** @param {boolean} final */
  #make(final) {
    const button = final
      ? element("button", { type: "button", class: "again" }, t("notice.again"))
      : element("button", { type: "button", class: "dismiss", "aria-label": t("notice.dismiss") }, glyph("close"));
    const row = element("div", { class: "notice", "data-final": final }, glyph("warning"), element("p"), button);
    button.addEventListener("click", () => (final ? wish(this, "ask-again") : wish(this, "ask-dismiss", row.dataset.code)));
    return row;
  }
}

/**
 * @param {HTMLElement} row
 * @param {Notice} notice
 */
function update(row, notice) {
  attribute(row, "data-code", notice.code);
  say(/** @type {Element} */ (row.querySelector("p")), sentenceFor(notice));
}

customElements.define("ask-notices", Notices);
