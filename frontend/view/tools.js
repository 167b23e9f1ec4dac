/**
 * The buttons at the top of the page: save what was said (`ask-save`), as soon as there is something to save, and the settings
 * (`ask-settings`). What they open is fetched when they are pressed.
 */

import { attribute, element, glyph, wish } from "./element.js";
import { words } from "./words.js";

/** @import { State } from "../conversation.js" */
/** @import { Key } from "../locale.js" */

/**     <ask-tools></ask-tools> */
export class Tools extends HTMLElement {
  connectedCallback() {
    const save = this.#button("save", "export.save", "ask-save");
    attribute(save, "hidden", true);
    this.save = save;
    this.append(save, this.#button("settings", "settings.open", "ask-settings"));
  }

  /** @param {State} state */
  render(state) {
    attribute(/** @type {Element} */ (this.save), "hidden", !state.turns.some((turn) => turn.text));
  }

  /**
   * @param {string} drawing
   * @param {Key} label
   * @param {string} wanted
   */
  #button(drawing, label, wanted) {
    const button = element("button", { type: "button", class: "quiet", "aria-label": words(label), title: words(label) }, glyph(drawing));
    button.addEventListener("click", () => wish(this, wanted));
    return button;
  }
}

customElements.define("ask-tools", Tools);
