/**
 * What a person may choose: the voice of the answers, and a new conversation. Wishes `ask-voice` (detail: the voice, or null for the
 * server's own) and `ask-new`.
 */

import { t } from "../locale.js";
import { attribute, element, glyph, keep, say, wish } from "./element.js";

/** @import { State } from "../conversation.js" */

/**     <ask-settings></ask-settings> */
export class Settings extends HTMLElement {
  connectedCallback() {
    const open = element("button", { type: "button", class: "quiet", "aria-label": t("settings.open") }, glyph("settings"));
    this.select = element("select", { id: "voice" });
    this.settled = element("p", { class: "remark", hidden: true }, t("settings.voice.settled"));
    this.version = element("p", { class: "remark" });
    const fresh = element("button", { type: "button", class: "plain" }, t("settings.new"));
    const close = element("button", { type: "button", class: "send" }, t("settings.close"));
    const dialog = element(
      "dialog",
      { "aria-labelledby": "settings-title" },
      element("header", {}, element("h2", { id: "settings-title" }, t("settings.title"))),
      element("div", { class: "row" }, element("label", { for: "voice" }, t("settings.voice")), this.select, this.settled),
      element("div", { class: "row" }, fresh, element("p", { class: "remark" }, t("settings.new.hint"))),
      element("footer", {}, this.version, close),
    );
    this.append(open, dialog);
    open.addEventListener("click", () => dialog.showModal());
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
    this.select.addEventListener("change", () => wish(this, "ask-voice", this.select?.value || null));
    fresh.addEventListener("click", () => {
      dialog.close();
      wish(this, "ask-new");
    });
  }

  /**
   * @param {State} state
   * @param {string | null} voice what the person chose
   */
  render({ conversation, voiced }, voice) {
    const { select } = this;
    if (!select || !conversation) return;
    keep(select, ["", ...conversation.voices], (each) => each, (each) => new Option("", each), (option, each) => say(option, each ? titled(each) : t("settings.voice.default")));
    select.value = voice && conversation.voices.includes(voice) ? voice : "";
    attribute(/** @type {Element} */ (this.settled), "hidden", !voiced);
    say(/** @type {Node} */ (this.version), conversation.version ? t("settings.version", { version: conversation.version }) : "");
  }
}

/** @param {string} name */
function titled(name) {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

customElements.define("ask-settings", Settings);
