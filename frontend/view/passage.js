/**
 * One source opened: the picture of its page where there is one, and the words of the passage; in both the part that was found is marked.
 * Where there is no picture, what stands before and after the passage is shown with it.
 * Words of documents enter only as text; addresses only when `safeAddress` lets them.
 */

import { safeAddress } from "../address.js";
import { t } from "../locale.js";
import { attribute, element, glyph, say } from "./element.js";
import { isLarge, leaf } from "./leaf.js";
import { marked, telling } from "./marking.js";
import { words } from "./words.js";

/** @import { Place } from "../layout.js" */
/** @import { Card } from "../turns.js" */

/** @typedef {{ text: string, before?: string, after?: string, headings?: string[], top?: number | null }} Told what the server says of a passage */

/** How long a page may take to come; after that the card's own words are shown. */
const FETCH_MS = 15_000;

/** Parts of a passage that the server marks on its picture at most; where there are more it marks the whole passage. */
const PLACES_MAX = 40;

/** The part of the dialog that stays above the mark when the page is turned to it: enough to see what it follows. */
const ABOVE_THE_MARK = 0.25;

/**     <ask-passage></ask-passage> */
export class Passage extends HTMLElement {
  /** Counts what was opened: an answer that comes after another was opened is for nobody. */
  #opening = 0;

  connectedCallback() {
    this.label = element("p", { class: "label" });
    this.heading = element("h2", { id: "passage-title", dir: "auto" });
    this.body = element("div", { class: "body" });
    const close = element("button", { type: "button", class: "close", "aria-label": words("passage.close") }, glyph("close"));
    const head = element("header", {}, element("div", {}, this.label, this.heading), close);
    this.dialog = element("dialog", { "aria-labelledby": "passage-title" }, head, this.body);
    this.append(this.dialog);
    close.addEventListener("click", () => this.dialog?.close());
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog?.close(); // the backdrop belongs to the dialog; its content does not
    });
    this.dialog.addEventListener("close", () => this.body?.replaceChildren());
  }

  /**
   * @param {Card} card
   * @param {string} answer the words of the answer that used it
   */
  async open(card, answer) {
    const { dialog, body } = this;
    if (!dialog || !body || dialog.open) return;
    say(/** @type {Node} */ (this.heading), card.title);
    say(/** @type {Node} */ (this.label), t("source.number", { number: card.number }) + (card.page === null ? "" : ` · ${t("source.page", { page: card.page })}`));
    const picture = safeAddress(card.picture);
    const read = element("div", { class: "words-of" }, element("p", { class: "loading", role: "status" }, t("passage.loading")));
    body.replaceChildren(read);
    attribute(body, "data-picture", false);
    dialog.showModal();
    body.scrollTop = 0;
    const opening = ++this.#opening;
    const { nodes, top, marks } = await wordsOf(card, answer);
    if (opening !== this.#opening || !dialog.open) return;
    read.replaceChildren(...nodes);
    if (picture?.own) body.replaceChildren(pictureOf(card, picture.href + marks, body), wrapped(read));
    attribute(body, "data-picture", Boolean(picture?.own));
    if (top !== null) await turnTo(body, top, () => opening === this.#opening);
    if (!picture?.own && read.querySelector(".around")) turnToMark(body);
  }
}

/**
 * Bring the mark into sight, for a page is longer than a screen. Whoever has begun to read it is left alone.
 *
 * @param {Element} body
 * @param {number} top where on the page the passage begins, in heights of the page
 * @param {() => boolean} wanted whether this page is still the one that is open
 */
async function turnTo(body, top, wanted) {
  const picture = body.querySelector("img");
  await picture?.decode().catch(() => undefined); // a picture that does not come is taken away elsewhere
  if (!wanted() || !picture?.isConnected || body.scrollTop > 0 || isLarge(picture)) return;
  const [page, seen] = [picture.getBoundingClientRect(), body.getBoundingClientRect()];
  body.scrollTop = page.top + top * page.height - seen.top - ABOVE_THE_MARK * seen.height;
}

/**
 * The same where there are only words.
 *
 * @param {Element} body
 */
function turnToMark(body) {
  const [mark, seen] = [body.querySelector("mark")?.getBoundingClientRect(), body.getBoundingClientRect()];
  if (mark && mark.bottom > seen.bottom) body.scrollTop += mark.top - seen.top - ABOVE_THE_MARK * seen.height;
}

/**
 * @param {Card} card
 * @param {string} address
 * @param {Element} body
 */
function pictureOf(card, address, body) {
  const lost = () => {
    attribute(body, "data-picture", false);
    body.querySelector("details")?.setAttribute("open", "");
  };
  return leaf({ address, alt: t("passage.picture", { page: card.page ?? "", title: card.title }), lost });
}

/** @param {Element} read */
function wrapped(read) {
  return element("details", {}, element("summary", {}, t("passage.words")), read);
}

/**
 * @param {Card} card
 * @param {string} answer
 * @returns {Promise<{ nodes: Node[], top: number | null, marks: string }>} the words, where on the page they begin, where that is known,
 *   and what the picture's address says of those to be marked
 */
async function wordsOf(card, answer) {
  const address = safeAddress(card.url);
  const away = address && !address.own ? [element("p", {}, element("a", { href: address.href, target: "_blank", rel: "noopener noreferrer" }, t("passage.away")))] : [];
  const fallback = () => [...marked(card.excerpt, []), ...away];
  if (!address?.own) return { nodes: fallback(), top: null, marks: "" };
  try {
    const got = await fetch(address.href, { signal: AbortSignal.timeout(FETCH_MS) });
    if (!got.ok) throw new Error(String(got.status));
    const { text, headings, top, before, after } = /** @type {Told} */ (await got.json());
    const said = String(text);
    const places = telling(said, card.excerpt, answer);
    return { nodes: [...path(headings), ...around(before), ...marked(said, places), ...around(after)], top: typeof top === "number" ? top : null, marks: asked(said, places) };
  } catch {
    return { nodes: [element("p", { class: "loading" }, t("passage.failed")), ...fallback()], top: null, marks: "" };
  }
}

/**
 * Places as the picture's address names them: the server counts whole characters, where a browser counts some as two.
 *
 * @param {string} text
 * @param {Place[]} places
 */
function asked(text, places) {
  const whole = (/** @type {number} */ at) => [...text.slice(0, at)].length;
  return places.length > PLACES_MAX ? "" : places.map(([from, to]) => `&from=${whole(from)}&to=${whole(to)}`).join("");
}

/** @param {string | undefined} text what stands before or after the passage; nothing of it is marked */
function around(text) {
  return text ? [element("div", { class: "around" }, ...marked(String(text), [[0, 0]]))] : [];
}

/** @param {string[] | undefined} headings where in the document the passage stands */
function path(headings) {
  return headings?.length ? [element("p", { class: "headings", dir: "auto" }, headings.map(String).join(" › "))] : [];
}

customElements.define("ask-passage", Passage);
