/**
 * The picture of one page: as wide as the dialog, or in its full size within a box that scrolls. Knows nothing of passages and words.
 */

import { t } from "../locale.js";
import { attribute, element, glyph } from "./element.js";

/** The part of the box that stays above the place that is read, when the size changes. */
const ABOVE_THE_PLACE = 0.3;

/**
 * @param {{ address: string, alt: string, lost: () => void }} page lost: is called when the picture does not come
 * @returns {HTMLElement}
 */
export function leaf({ address, alt, lost }) {
  const picture = element("img", { alt, src: address });
  const box = element("div", { class: "sheet" }, picture);
  const button = element("button", { type: "button", class: "size" });
  const figure = element("figure", {}, button, box);
  label(button, false);
  button.addEventListener("click", () => resize(figure, seen(picture, box)));
  picture.addEventListener("click", ({ offsetX, offsetY }) => {
    resize(figure, { across: offsetX / picture.width, down: offsetY / picture.height });
  });
  picture.addEventListener("error", () => {
    if (!figure.isConnected) return; // another page was opened meanwhile
    figure.remove();
    lost();
  });
  return figure;
}

/** @param {Element} part the figure, or anything in it */
export function isLarge(part) {
  return part.closest("[data-large]") !== null;
}

/**
 * Change the size, and keep the place in sight.
 *
 * @param {HTMLElement} figure
 * @param {{ across: number, down: number }} place in widths and heights of the picture
 */
function resize(figure, { across, down }) {
  const large = !isLarge(figure);
  const [button, box] = /** @type {HTMLElement[]} */ ([...figure.children]);
  const picture = figure.querySelector("img");
  if (!button || !box || !picture) return;
  attribute(figure, "data-large", large);
  label(button, large);
  // What scrolls must be reached by those who scroll with keys, and have a name.
  attribute(box, "tabindex", large ? 0 : null);
  attribute(box, "role", large ? "region" : null);
  attribute(box, "aria-label", large ? t("passage.large") : null);
  if (large) {
    box.scrollTo(across * picture.width - box.clientWidth / 2, down * picture.height - ABOVE_THE_PLACE * box.clientHeight);
    figure.scrollIntoView({ block: "nearest" });
    return;
  }
  const around = figure.parentElement;
  if (!around) return;
  const top = picture.getBoundingClientRect().top - around.getBoundingClientRect().top;
  around.scrollTop += top + down * picture.height - ABOVE_THE_PLACE * around.clientHeight;
}

/**
 * The place that is looked at: the left edge of the lines a little below the top of what is seen.
 *
 * @param {HTMLImageElement} picture
 * @param {HTMLElement} box
 */
function seen(picture, box) {
  const page = picture.getBoundingClientRect();
  const top = Math.max(box.getBoundingClientRect().top, box.closest(".body")?.getBoundingClientRect().top ?? 0);
  const height = Math.min(box.clientHeight, box.closest(".body")?.clientHeight ?? box.clientHeight);
  return { across: 0, down: (top - page.top + ABOVE_THE_PLACE * height) / page.height };
}

/**
 * @param {HTMLElement} button
 * @param {boolean} large
 */
function label(button, large) {
  attribute(button, "aria-label", t(large ? "passage.smaller" : "passage.larger"));
  button.replaceChildren(glyph(large ? "smaller" : "larger"));
}
