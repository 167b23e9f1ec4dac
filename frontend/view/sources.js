/**
 * The passages found for one question, as index cards: number, page, title, excerpt, and in words whether the answer used them.
 * A click or Enter on a card wishes it opened (`ask-open`, detail: the card, and the words of the answer that used it).
 */

import { language, t } from "../locale.js";
import { attribute, element, glyph, keep, say, wish } from "./element.js";
import { onCard } from "./marking.js";
import { words } from "./words.js";

/** @import { Card } from "../turns.js" */

/**     <ask-sources></ask-sources> */
export class Sources extends HTMLElement {
  /** The words of the answer that the cards lie beside. */
  answer = "";

  /**
   * @param {{ cards: Card[], judged: boolean }} found judged: it is known which of them the answer used
   * @param {string} answer its words so far
   * @param {boolean} coming whether the search is still under way
   */
  render({ cards, judged }, answer, coming) {
    this.answer = answer;
    if (coming && !cards.length) this.place ??= this.appendChild(element("p", { class: "place" }, words("sources.coming")));
    else this.place = void this.place?.remove();
    if (cards.length && !this.list) {
      this.list = element("ol", { class: "cards", role: "list", "aria-label": words("sources.label") });
      this.append(this.list);
    }
    attribute(this, "data-judged", judged);
    const unused = judged && cards.length > 0 && !cards.some((card) => card.cited);
    if (unused) this.unused ??= this.insertBefore(element("p", { class: "unused" }, words("export.unused")), this.list ?? null);
    else this.unused = void this.unused?.remove();
    if (this.list) keep(this.list, cards, (card) => card.id, () => this.#make(), update);
  }

  #make() {
    const item = element(
      "li",
      {},
      element(
        "button",
        { type: "button", class: "card" },
        element("span", { class: "head" }, element("span", { class: "number" }), element("span", { class: "leaf" })),
        element("span", { class: "title", dir: "auto" }),
        element("span", { class: "excerpt", dir: "auto" }),
        element("span", { class: "used", hidden: true }, glyph("check"), words("source.used")),
      ),
    );
    item.querySelector("button")?.addEventListener("click", () => {
      const card = shown.get(item);
      wish(item, "ask-open", { card, answer: card?.cited ? this.answer : "" });
    });
    return item;
  }
}

/** @type {WeakMap<Element, Card>} */
const shown = new WeakMap();

/**
 * @param {HTMLElement} item
 * @param {Card} card
 */
function update(item, card) {
  if (shown.get(item) === card && item.dataset.language === language()) return;
  shown.set(item, card);
  attribute(item, "data-language", language());
  /** @param {string} name @param {string} said */
  const write = (name, said) => say(/** @type {Element} */ (item.querySelector(name)), said);
  write(".number", t("source.number", { number: card.number }));
  write(".leaf", card.page === null ? "" : t("source.page", { page: card.page }));
  write(".title", card.title);
  const excerpt = /** @type {Element} */ (item.querySelector(".excerpt"));
  excerpt.replaceChildren(...onCard(card.excerpt));
  attribute(excerpt, "data-table", excerpt.querySelector(".table") !== null);
  attribute(/** @type {Element} */ (item.querySelector(".used")), "hidden", !card.cited);
  attribute(item, "data-cited", card.cited);
}

customElements.define("ask-sources", Sources);
