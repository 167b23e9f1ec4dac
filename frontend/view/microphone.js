/**
 * The choice of a microphone, with a meter that shows whether it hears: a row of the settings. Wishes `ask-microphone` (detail: its id, or
 * null for none in particular) and `ask-try` (detail: whether to listen, sending nothing).
 */

import { shown } from "../audio/meter.js";
import { sentenceFor, t } from "../locale.js";
import { attribute, element, keep, say, wish } from "./element.js";

/** @import { Microphones } from "../audio/microphones.js" */

/**     <ask-microphone></ask-microphone> */
export class MicrophoneChoice extends HTMLElement {
  connectedCallback() {
    if (this.select) return;
    this.className = "row";
    this.name = element("label", { for: "microphone" });
    this.hint = element("p", { class: "remark" });
    this.select = element("select", { id: "microphone" });
    this.try = element("button", { type: "button", class: "plain" });
    this.bar = element("i");
    this.told = element("span", { role: "status" });
    this.append(
      this.name,
      this.select,
      element("div", { class: "trial" }, this.try, element("span", { class: "meter", "aria-hidden": "true" }, this.bar), this.told),
      this.hint,
    );
    this.select.addEventListener("change", () => wish(this, "ask-microphone", this.select?.value || null));
    this.try.addEventListener("click", () => wish(this, "ask-try", !this.try?.hasAttribute("data-trying")));
  }

  /**
   * @param {Microphones} microphones
   * @param {boolean} open the conversation's own microphone is: there is nothing to try
   */
  render({ list, chosen, trying, heard, problem }, open) {
    const { name, hint, select, told, try: button } = this;
    if (!name || !hint || !select || !told || !button) return;
    say(name, t("settings.microphone"));
    say(hint, t("settings.microphone.hint"));
    attribute(hint, "hidden", open); // what is heard then is sent
    // What was chosen and is not there stays the choice: it may be plugged in again.
    const missing = chosen !== null && !list.some(({ id }) => id === chosen) ? [{ id: chosen, label: t("settings.microphone.missing") }] : [];
    const all = [{ id: "", label: t("settings.microphone.default") }, ...list, ...missing];
    keep(select, all, ({ id }) => id, ({ id }) => new Option("", id), (/** @type {HTMLOptionElement} */ option, { label }) => say(option, label || t("settings.microphone")));
    select.value = chosen ?? "";
    const listening = open || trying;
    attribute(button, "hidden", open);
    attribute(button, "data-trying", trying);
    say(button, t(trying ? "settings.microphone.enough" : "settings.microphone.try"));
    const waiting = listening ? t("settings.microphone.speak") : "";
    say(told, problem ? sentenceFor({ code: problem, message: "", retryAfterMs: null }) : heard ? t("settings.microphone.heard") : waiting);
    if (!listening) this.level(0);
  }

  /** @param {number} level 0 to 1 */
  level(level) {
    this.bar?.style.setProperty("--level", shown(level).toFixed(3));
  }
}

customElements.define("ask-microphone", MicrophoneChoice);
