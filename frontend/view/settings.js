/**
 * What a person may choose: the page's language, the voice of the answers, how to talk, whether to read instead of hear, and a new
 * conversation. Wishes `ask-language` (detail: its code), `ask-choose` (detail: what was chosen, by the names of `Choices`), `ask-hold`
 * when somebody leaves who holds the button to talk, and `ask-new`. Holds the choice of a microphone, which has wishes of its own.
 */

import { pushes } from "../conversation.js";
import { LANGUAGES, language, t } from "../locale.js";
import { attribute, element, keep, say, wish } from "./element.js";
import { MicrophoneChoice } from "./microphone.js";
import { words } from "./words.js";

/** @import { State } from "../conversation.js" */

/**     <ask-settings></ask-settings> */
export class Settings extends HTMLElement {
  /** The page's language as the choice of one last showed it. */
  #shown = "";
  microphone = new MicrophoneChoice();

  connectedCallback() {
    this.select = element("select", { id: "voice" });
    this.settled = element("p", { class: "remark", hidden: true }, words("settings.voice.settled"));
    this.version = element("p", { class: "remark" });
    const fresh = element("button", { type: "button", class: "plain" }, words("settings.new"));
    const close = element("button", { type: "button", class: "send" }, words("settings.close"));
    this.reading = element("input", { type: "checkbox" });
    const checkbox = element("label", { class: "choice" }, this.reading, words("settings.reading"));
    const dialog = (this.dialog = element(
      "dialog",
      { "aria-labelledby": "settings-title" },
      element("header", {}, element("h2", { id: "settings-title" }, words("settings.title"))),
      this.#languages(),
      element("div", { class: "row" }, element("label", { for: "voice" }, words("settings.voice")), this.select, this.settled),
      this.microphone,
      this.#manners(),
      element("div", { class: "row" }, checkbox, element("p", { class: "remark" }, words("settings.reading.hint"))),
      element("div", { class: "row" }, fresh, element("p", { class: "remark" }, words("settings.new.hint"))),
      element("footer", {}, this.version, close),
    ));
    this.append(dialog);
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      if (this.push?.checked) wish(this, "ask-hold"); // else the space bar would press the button that opened this
      wish(this, "ask-try", false);
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
    this.select.addEventListener("change", () => wish(this, "ask-choose", { voice: this.select?.value || null }));
    this.reading.addEventListener("change", () => wish(this, "ask-choose", { reading: this.reading?.checked === true }));
    fresh.addEventListener("click", () => {
      dialog.close();
      wish(this, "ask-new");
    });
  }

  open() {
    if (!this.dialog?.open) this.dialog?.showModal();
  }

  /** @param {string} chosen a language whose sentences did not come */
  refuse(chosen) {
    if (this.languages?.value === chosen) this.languages.value = language(); // unless another was chosen since
  }

  #languages() {
    const names = Object.entries(LANGUAGES).map(([code, name]) => element("option", { value: code, lang: code, dir: "auto" }, name));
    const select = (this.languages = element("select", { id: "language" }, ...names));
    select.addEventListener("change", () => wish(this, "ask-language", select.value));
    return element("div", { class: "row" }, element("label", { for: "language" }, words("settings.language")), select);
  }

  #manners() {
    const choice = (/** @type {"free" | "push"} */ manner) => {
      const input = element("input", { type: "radio", name: "manner", value: manner });
      input.addEventListener("change", () => wish(this, "ask-choose", { push: manner === "push" }));
      return input;
    };
    this.free = choice("free");
    this.push = choice("push");
    this.unasked = element("p", { class: "remark", hidden: true }, words("settings.manner.only"));
    return element(
      "div",
      { class: "row", role: "radiogroup", "aria-labelledby": "manner" },
      element("p", { class: "name", id: "manner" }, words("settings.manner")),
      element("label", { class: "choice" }, this.free, words("settings.manner.free")),
      element("label", { class: "choice" }, this.push, words("settings.manner.push")),
      this.unasked,
    );
  }

  /**
   * @param {State} state
   * @param {string | null} voice what the person chose
   */
  render(state, voice) {
    const { select, free, push, reading, unasked, languages } = this;
    const { conversation, voiced } = state;
    if (!select || !free || !push || !reading || !unasked || !languages) return;
    if (language() !== this.#shown) languages.value = this.#shown = language(); // what is chosen stays while its sentences are on their way
    (pushes(state) ? push : free).checked = true;
    attribute(free, "disabled", state.detection === null);
    attribute(unasked, "hidden", state.detection !== null);
    reading.checked = state.reading;
    if (!conversation) return;
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
