/**
 * One source opened: the picture of its page where there is one, and the words of the passage with the part that was found marked.
 * Words of documents enter only as text; addresses only when `safeAddress` lets them.
 */

import { safeAddress } from "../address.js";
import { t } from "../locale.js";
import { attribute, element, glyph, say } from "./element.js";
import { marked } from "./marking.js";

/** @import { Card } from "../turns.js" */

/** How long a page may take to come; after that the card's own words are shown. */
const FETCH_MS = 15_000;

/**     <ask-passage></ask-passage> */
export class Passage extends HTMLElement {
  connectedCallback() {
    this.label = element("p", { class: "label" });
    this.heading = element("h2", { id: "passage-title" });
    this.body = element("div", { class: "body" });
    const close = element("button", { type: "button", class: "close", "aria-label": t("passage.close") }, glyph("close"));
    const head = element("header", {}, element("div", {}, this.label, this.heading), close);
    this.dialog = element("dialog", { "aria-labelledby": "passage-title" }, head, this.body);
    this.append(this.dialog);
    close.addEventListener("click", () => this.dialog?.close());
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog?.close(); // the backdrop belongs to the dialog; its content does not
    });
    this.dialog.addEventListener("close", () => this.body?.replaceChildren());
  }

  /** @param {Card} card */
  async open(card) {
    const { dialog, body } = this;
    if (!dialog || !body || dialog.open) return;
    say(/** @type {Node} */ (this.heading), card.title);
    say(/** @type {Node} */ (this.label), t("source.number", { number: card.number }) + (card.page === null ? "" : ` · ${t("source.page", { page: card.page })}`));
    const picture = safeAddress(card.picture);
    const words = element("div", { class: "words-of" }, element("p", { class: "loading", role: "status" }, t("passage.loading")));
    body.replaceChildren(...(picture?.own ? [pictureOf(card, picture.href, body), wrapped(words)] : [words]));
    attribute(body, "data-picture", Boolean(picture?.own));
    dialog.showModal();
    body.scrollTop = 0;
    words.replaceChildren(...(await wordsOf(card)));
  }
}

/**
 * @param {Card} card
 * @param {string} address
 * @param {Element} body
 */
function pictureOf(card, address, body) {
  const picture = element("img", { alt: t("passage.picture", { page: card.page ?? "", title: card.title }), src: address });
  const figure = element("figure", {}, picture);
  picture.addEventListener("error", () => {
    figure.remove();
    attribute(body, "data-picture", false);
    body.querySelector("details")?.setAttribute("open", "");
  });
  return figure;
}

/** @param {Element} words */
function wrapped(words) {
  return element("details", {}, element("summary", {}, t("passage.words")), words);
}

/**
 * @param {Card} card
 * @returns {Promise<Node[]>}
 */
async function wordsOf(card) {
  const address = safeAddress(card.url);
  const away = address && !address.own ? [element("p", {}, element("a", { href: address.href, target: "_blank", rel: "noopener noreferrer" }, t("passage.away")))] : [];
  const fallback = () => [element("p", { class: "excerpt" }, element("mark", {}, card.excerpt)), ...away];
  if (!address?.own) return fallback();
  try {
    const answer = await fetch(address.href, { signal: AbortSignal.timeout(FETCH_MS) });
    if (!answer.ok) throw new Error(String(answer.status));
    const { text, headings } = /** @type {{ text: string, headings?: string[] }} */ (await answer.json());
    return [...path(headings), ...marked(String(text), card.excerpt)];
  } catch {
    return [element("p", { class: "loading" }, t("passage.failed")), ...fallback()];
  }
}

/** @param {string[] | undefined} headings where in the document the passage stands */
function path(headings) {
  return headings?.length ? [element("p", { class: "headings" }, headings.map(String).join(" › "))] : [];
}

customElements.define("ask-passage", Passage);
