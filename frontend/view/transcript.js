/**
 * What both sides said: one article for each question, its answers under it and its sources beside it. A screen reader hears each
 * finished turn once, from a log of its own, however often the words on the screen grow. Before the first question there are some to
 * choose from (`ask-type`, detail: the question).
 */

import { exchanges } from "../turns.js";
import { language, t } from "../locale.js";
import { caption } from "./caption.js";
import { attribute, element, keep, wish } from "./element.js";
import { makeExchange, updateExchange } from "./exchange.js";
import { words } from "./words.js";

/** @import { State } from "../conversation.js" */
/** @import { Heard } from "../speaker.js" */

/** Turns that the log for screen readers holds; they are spoken as they come, so only the newest matter. */
const LOG_KEPT = 20;

/** While the words that count are no further below what is seen than this, the page follows them; who scrolled away is left alone. */
const FOLLOW_PX = 120;

/** Below the words that are being heard there is room for so much of what comes next, or, in a low room, for a third of it. */
const AHEAD_PX = 96;

/**     <ask-transcript></ask-transcript> */
export class Transcript extends HTMLElement {
  /** Turns that were told to the screen reader, and the words in its log. */
  #told = /** @type {Map<string, Element>} */ (new Map());

  /**
   * Where the page was scrolled to when it was last drawn, whether it followed the words, and whether the newest question was on its way
   * to the top, where it can only come when its answer and cards are long enough: until somebody scrolls, both still hold.
   */
  #left = { at: -1, following: true, rising: false };

  /** Of answers that are being heard, or were cut off: how many of their characters were. */
  #heard = /** @type {Map<string, number>} */ (new Map());

  connectedCallback() {
    attribute(this, "role", "region");
    attribute(this, "aria-label", words("transcript.label"));
    this.page = element("div", { class: "page" });
    this.log = element("div", { class: "unseen", role: "log", "aria-live": "polite" });
    this.append(this.page, this.log);
    this.#invite();
  }

  /** What stands here before the first question; made anew in another language. */
  #invite() {
    const fresh = emptyPage();
    if (this.empty) this.empty.replaceWith(fresh);
    else this.prepend(fresh);
    this.empty = fresh;
  }

  /** @param {State} state */
  render(state) {
    if (this.empty?.lang !== language()) this.#invite();
    const all = state.turns.some((turn) => turn.kept) ? exchanges(state) : []; // a first sound may turn out to have been only a noise
    const page = /** @type {Element} */ (this.page);
    const following = this.#follows();
    const rising = this.#rises();
    const last = page.lastElementChild?.getAttribute("data-key");
    const chosen = all.length > 0 && this.empty?.contains(document.activeElement);
    attribute(/** @type {Element} */ (this.empty), "hidden", all.length > 0);
    attribute(this, "tabindex", all.length ? 0 : null); // what scrolls must be reached by those who scroll with keys
    if (chosen) this.focus({ preventScroll: true }); // the example that was pressed is gone; its answer comes here
    keep(page, all, (each) => each.id, makeExchange, (article, each) => updateExchange(article, each, state, all.at(-1)?.id, this.#heard));
    this.#tell(state);
    const begun = all.length > 0 && all.at(-1)?.id !== last;
    if (begun) this.#scroll(this.#above(page.lastElementChild));
    this.#keepUp(begun ? this.#sees() : following, begun || rising);
  }

  /** @param {Heard} heard how far an answer has come */
  heard({ id, characters }) {
    if (characters === Infinity) this.#heard.delete(id);
    else this.#heard.set(id, characters);
    const text = this.page?.querySelector(`.answer[data-key="${CSS.escape(id)}"] .text:not([data-quiet])`);
    if (!text) return;
    const following = this.#follows();
    const rising = this.#rises();
    caption(text, text.textContent ?? "", this.#heard.get(id));
    if (characters !== Infinity) this.#keepUp(following, rising); // who reads on from here finds the rest of it below
  }

  /** Whether the page goes with the words: as long as nobody scrolled, as before; else, when they are in sight. */
  #follows() {
    return this.#scroller.scrollTop === this.#left.at ? this.#left.following : this.#sees();
  }

  /** Whether the newest question still comes to the top: as long as nobody scrolled. */
  #rises() {
    return this.#left.rising && this.#scroller.scrollTop === this.#left.at;
  }

  /** Whether the words that count are in sight, or nearly. */
  #sees() {
    const words = this.#lastWords();
    const { top, foot } = this.#seen();
    return !words || (words.bottom - foot < FOLLOW_PX && words.bottom > top);
  }

  /**
   * Bring the words that count into sight: those being heard with a little of what comes next, or, where nothing is still to be heard, the
   * last ones; and, as far as they stay in sight, the question that they answer to the top.
   *
   * @param {boolean} following
   * @param {boolean} rising
   */
  #keepUp(following, rising) {
    const words = this.#lastWords();
    const { top, foot } = this.#seen();
    if (following && words) {
      const ahead = words.heard ? Math.min(AHEAD_PX, (foot - top) / 3, Math.max(0, words.end - words.bottom)) : 0;
      this.#scroll(Math.max(0, words.bottom + ahead - foot) || Math.min(0, words.top - top));
    }
    if (following && rising) this.#scroll(Math.max(0, this.#above(this.page?.lastElementChild)));
    this.#left = { at: this.#scroller.scrollTop, following, rising };
  }

  /** Where the words that count lie, in pixels of the window, and where the answer ends; nowhere before there is one. */
  #lastWords() {
    const exchange = this.page?.lastElementChild;
    const text = exchange?.querySelector(".answer[data-sounding] .text") ?? exchange?.querySelector(".answer:last-child .text");
    if (!text) return null;
    const { bottom: end } = text.getBoundingClientRect();
    const ahead = text.querySelector(".ahead");
    if (!ahead) return { top: Infinity, bottom: end, end, heard: false }; // its beginning may be out of sight
    const { top, bottom } = lastLine(text.querySelector(".heard")) ?? firstLine(ahead);
    return { top, bottom, end, heard: true };
  }

  /** From where to where the transcript is seen, in pixels of the window. */
  #seen() {
    const foot = this.closest("main")?.nextElementSibling?.getBoundingClientRect().top ?? innerHeight;
    return { top: Math.max(0, this.getBoundingClientRect().top), foot: Math.min(innerHeight, foot) };
  }

  /** @param {Element | null | undefined} part how far its beginning lies below the top of what is seen, in pixels */
  #above(part) {
    return (part?.getBoundingClientRect().top ?? 0) - this.#seen().top;
  }

  /** @returns {Element} this, or, on a low screen, the whole page */
  get #scroller() {
    return getComputedStyle(this).overflowY === "visible" ? (document.scrollingElement ?? this) : this;
  }

  /** @param {number} by pixels */
  #scroll(by) {
    if (by) this.#scroller.scrollTop += by;
  }

  /** @param {State} state */
  #tell(state) {
    for (const turn of state.turns) {
      if (turn.role === "divider" || turn.status === "coming" || !turn.text || this.#told.has(turn.id)) continue;
      const who = t(turn.role === "user" ? "turn.you" : "turn.assistant");
      const line = element("p", { dir: "auto" }, `${who}: ${turn.text}`);
      this.#told.set(turn.id, line);
      this.log?.append(line);
    }
    const there = new Set(state.turns.map((turn) => turn.id));
    for (const id of this.#heard.keys()) if (there.size && !there.has(id) && id !== state.speaking) this.#heard.delete(id);
    for (const [id, line] of this.#told) {
      if (there.has(id)) continue;
      line.remove();
      this.#told.delete(id);
    }
    while ((this.log?.childElementCount ?? 0) > LOG_KEPT) this.log?.firstElementChild?.remove();
  }
}

/** @param {Element | null} part @returns {DOMRect | undefined} where its last line lies; nowhere where it has no words */
function lastLine(part) {
  return part ? lines(part).at(-1) : undefined;
}

/** @param {Element} part */
function firstLine(part) {
  return lines(part)[0] ?? part.getBoundingClientRect();
}

/** @param {Element} part */
function lines(part) {
  const words = document.createRange();
  words.selectNodeContents(part);
  return [...words.getClientRects()];
}

function emptyPage() {
  const kinds = /** @type {const} */ (["number", "rule", "steps"]);
  const list = kinds.map((kind) => element("li", {}, element("span", {}, t(`empty.kind.${kind}`)), example(t(`empty.kind.${kind}.example`))));
  return element(
    "section",
    { class: "empty", lang: language() },
    element("h2", {}, t("empty.title")),
    element("p", { class: "lead" }, t("empty.lead")),
    element("h3", {}, t("empty.kinds")),
    element("ul", {}, ...list),
  );
}

/** @param {string} question */
function example(question) {
  const button = element("button", { type: "button", class: "example" }, t("empty.example", { question }));
  button.addEventListener("click", () => wish(button, "ask-type", question));
  return button;
}

customElements.define("ask-transcript", Transcript);
