/**
 * The desk: the round button that shows state and level, the words beside it, the stop button and the box to type in.
 * Says what the person wants (`ask-talk`, `ask-press` and `ask-release`, `ask-stop`, `ask-type`, `ask-again`) and shows what it is told.
 */

import { shown } from "../audio/meter.js";
import { busy, phase, pushes } from "../conversation.js";
import { language, t } from "../locale.js";
import { attribute, composes, element, glyph, say, wish } from "./element.js";
import { holdable } from "./holding.js";
import { words } from "./words.js";

/** @import { State, Phase } from "../conversation.js" */
/** @import { Report } from "../audio/player.js" */

/** What may be typed in one turn; the server takes no more. */
const TYPED_MAX = 8_000;

/** The count of what is left appears only when it begins to matter; a screen reader tells it as it falls to each of these, not at every key. */
const COUNT_BELOW = 500;
const TOLD_AT = [0, 20, 100, COUNT_BELOW - 1];

/** Bars of the level, and how much of it each shows: the middle ones move most. */
const BARS = [0.45, 0.8, 1, 0.7, 0.5];

/** A phase that a screen reader need not hear: the person is speaking, or the answer is. */
const UNSPOKEN = new Set(["hearing", "push.hearing", "speaking", "idle", "push.idle"]);

/** Phases in which a search that takes long is still being waited for. */
const LASTING = new Set(["searching", "thinking"]);

const GLYPHS = /** @type {Record<Phase | "asking", string>} */ ({
  asking: "microphone",
  idle: "microphone",
  connecting: "link",
  reconnecting: "link",
  listening: "",
  hearing: "",
  thinking: "dots",
  searching: "search",
  speaking: "speaker",
  error: "again",
});

/**
 *     <ask-controls></ask-controls>
 *
 * For measuring it carries `data-phase` and, from the audio thread, `data-frames-rendered`, `-received`, `-played`, `-sounding` (played
 * and not zero), `-recorded`, `-cut` (played of what was last cut off), `data-underruns` and `data-dropped`.
 */
export class Controls extends HTMLElement {
  /** Whether the button is one to hold. */
  pushing = false;

  /** Which words are shown. */
  #name = "";
  /** The language in which the phase is told. */
  told = "";

  connectedCallback() {
    attribute(this, "role", "group");
    attribute(this, "aria-label", words("controls.label"));
    this.bars = BARS.map(() => element("i"));
    this.face = element("span", { class: "face", "aria-hidden": "true" });
    const badge = element("span", { class: "badge" }, glyph("microphone")); // the microphone is open, whatever else goes on
    this.button = element("button", { type: "button", class: "talk" }, element("span", { class: "halo" }), element("span", { class: "ring" }), this.face, badge);
    this.word = element("strong", { class: "word" });
    this.hint = element("span", { class: "hint" });
    this.stop = element("button", { type: "button", class: "stop", "aria-label": words("talk.stop.label") }, glyph("stop"), words("talk.stop"), element("kbd", {}, words("talk.stop.key")));
    this.spoken = element("span", { class: "unseen", role: "status" });
    const told = element("p", { class: "words" }, this.word, this.hint);
    this.append(element("div", { class: "speak" }, this.button, told, this.stop), this.#form(), this.spoken);
    this.button.addEventListener("click", () => {
      if (this.dataset.phase === "error") wish(this, "ask-again");
      else if (!this.pushing) wish(this, "ask-talk");
    });
    const active = () => this.pushing && this.dataset.phase !== "error";
    this.letGo = holdable(this.button, { active, press: () => wish(this, "ask-press"), release: () => wish(this, "ask-release") });
    this.stop.addEventListener("click", () => wish(this, "ask-stop"));
  }

  /**
   * @param {State} state
   * @param {boolean} [long] a search takes long, and its answer is still to come
   */
  render(state, long = false) {
    const now = phase(state);
    const lasting = long && LASTING.has(now);
    const pushing = pushes(state);
    const asking = now === "connecting" && state.microphone === "asking" && state.connection === "open";
    const open = pushing ? state.held : state.microphone === "on";
    const name = asking ? "asking" : lasting ? "lasting" : pushing && (now === "idle" || now === "hearing") ? /** @type {const} */ (`push.${now}`) : now;
    attribute(this, "data-lasting", lasting);
    this.pushing = pushing;
    if (now !== this.dataset.phase || name !== this.#name || this.told !== language()) this.#show(now, name);
    attribute(/** @type {Element} */ (this.button), "aria-label", t(asking ? "state.asking" : buttonSays(now, pushing, open)));
    // Where the name says what a press does, a state beside it would say it twice, and otherwise.
    attribute(/** @type {Element} */ (this.button), "aria-pressed", pushing && now !== "error" ? String(open) : null);
    if (!open) this.letGo?.();
    attribute(this, "data-microphone", pushing && !open ? "off" : state.microphone);
    attribute(this, "data-pushing", pushing);
    // The button goes when there is nothing to stop; a person who had reached it must not be left nowhere.
    if (!busy(state) && document.activeElement === this.stop) this.button?.focus();
    attribute(/** @type {Element} */ (this.stop), "hidden", !busy(state));
  }

  /** @param {number} level of the microphone, 0 to 1 */
  level(level) {
    this.style.setProperty("--level", shown(level).toFixed(3));
  }

  /**
   * @param {Report} report
   * @param {{ cut: number, recorded: number }} counts
   */
  measured(report, counts) {
    const { rendered, received, played, sounding, underruns, dropped } = report;
    const figures = { framesRendered: rendered, framesReceived: received, framesPlayed: played, framesSounding: sounding, underruns, dropped };
    for (const [name, figure] of Object.entries(figures)) this.dataset[name] = String(figure);
    this.dataset.framesCut = String(counts.cut);
    this.dataset.framesRecorded = String(counts.recorded);
  }

  /**
   * @param {Phase} now
   * @param {Phase | "asking" | "lasting" | "push.idle" | "push.hearing"} name of its words
   */
  #show(now, name) {
    this.dataset.phase = now;
    this.#name = name;
    this.told = language();
    const drawing = GLYPHS[name === "asking" ? name : now];
    const drawn = drawing ? [glyph(drawing)] : [element("span", { class: "bars" }, ...(this.bars ?? []))];
    this.face?.replaceChildren(...drawn);
    this.bars?.forEach((bar, i) => bar.style.setProperty("--share", String(BARS[i])));
    say(/** @type {Node} */ (this.word), t(`state.${name}`));
    say(/** @type {Node} */ (this.hint), t(`hint.${name}`));
    say(/** @type {Node} */ (this.spoken), UNSPOKEN.has(name) ? "" : t(`state.${name}`));
  }

  #form() {
    const box = element("textarea", {
      id: "question",
      rows: 1,
      maxlength: TYPED_MAX,
      placeholder: words("type.placeholder"),
      dir: "auto",
      "aria-label": words("type.label"),
      autocomplete: "off",
      enterkeyhint: "send",
    });
    const left = element("span", { class: "left", "aria-hidden": "true" });
    const told = element("span", { class: "unseen", role: "status" });
    let step = Infinity;
    const form = element("form", { class: "type" }, box, left, told, element("button", { type: "submit", class: "send" }, words("type.send"), glyph("send")));
    const send = () => {
      const text = box.value.trim();
      if (text) wish(this, "ask-type", text);
      box.value = "";
      grow();
    };
    const grow = () => {
      box.style.height = "auto";
      box.style.height = `${box.scrollHeight}px`;
      const rest = TYPED_MAX - box.value.length;
      const words = rest < COUNT_BELOW ? t("type.left", { count: rest }) : "";
      say(left, words);
      const now = TOLD_AT.find((each) => rest <= each) ?? Infinity;
      if (now !== step) say(told, now < step || !words ? words : "");
      step = now;
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send();
    });
    box.addEventListener("input", grow);
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || composes(event)) return;
      event.preventDefault();
      send();
    });
    return form;
  }
}

/**
 * What the round button is called.
 *
 * @param {Phase} now
 * @param {boolean} pushing
 * @param {boolean} open
 */
function buttonSays(now, pushing, open) {
  if (now === "error") return "talk.again";
  if (pushing) return "talk.hold";
  if (open) return "talk.close";
  return now === "connecting" ? "talk.connecting" : "talk.open";
}

customElements.define("ask-controls", Controls);
