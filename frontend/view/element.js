/** Makes elements. Words become text nodes, always: no string ever becomes markup here. */

import { worded } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | boolean | number | Text | null>} attributes true gives an empty attribute; false and null none; a text
 *   of `words` follows the page's language
 * @param {...(Node | string | null)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) attribute(made, name, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/**
 * Set, change or take away one attribute, touching the page only where it differs: screen readers hear every touch.
 *
 * @param {Element} target
 * @param {string} name
 * @param {string | boolean | number | Text | null} value
 */
export function attribute(target, name, value) {
  if (value instanceof Text) return worded(target, name, value);
  if (value === false || value === null) target.removeAttribute(name);
  else if (target.getAttribute(name) !== String(value === true ? "" : value)) target.setAttribute(name, String(value === true ? "" : value));
}

/**
 * @param {Node} target
 * @param {string} words
 */
export function say(target, words) {
  if (target.textContent !== words) target.textContent = words;
}

/**
 * One of the drawings in `index.html`.
 *
 * @param {string} name
 */
export function glyph(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "glyph");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#glyph-${name}`);
  svg.append(use);
  return svg;
}

/**
 * Keep the children of an element equal to a list, by key, without making anew what is there.
 *
 * @template T
 * @param {Element} parent
 * @param {readonly T[]} list
 * @param {(each: T) => string} keyOf
 * @param {(each: T) => Element} make
 * @param {(child: any, each: T) => void} update
 */
export function keep(parent, list, keyOf, make, update) {
  const there = new Map([...parent.children].map((child) => [child.getAttribute("data-key") ?? "", child]));
  let before = null;
  for (const each of list) {
    const key = keyOf(each);
    const child = there.get(key) ?? make(each);
    there.delete(key);
    attribute(child, "data-key", key);
    update(child, each);
    const next = /** @type {Element | null} */ (before ? before.nextElementSibling : parent.firstElementChild);
    if (next !== child) parent.insertBefore(child, next);
    before = /** @type {Element} */ (child);
  }
  for (const child of there.values()) child.remove();
}

/** Style sheets that are on their way, by address. */
const COMING = /** @type {Map<string, Promise<unknown>>} */ (new Map());

/**
 * Fetch a style sheet that the page did not begin with, and wait until it counts. Throws where it does not come.
 *
 * @param {string} name
 */
export async function styled(name) {
  const href = new URL(`../styles/${name}.css`, import.meta.url).href;
  if ([...document.styleSheets].some((sheet) => sheet.href === href)) return;
  if (!COMING.has(href)) COMING.set(href, sheet(href).finally(() => COMING.delete(href)));
  await COMING.get(href);
}

/** @param {string} href */
function sheet(href) {
  const link = element("link", { rel: "stylesheet", href });
  const there = new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = () => {
      link.remove();
      reject(new Error(href));
    };
  });
  document.head.append(link);
  return there;
}

/**
 * Whether a key belongs to a word that is still being put together. WebKit ends the word before it tells of the key that ended it, and
 * gives that key the number 229.
 *
 * @param {KeyboardEvent} event
 */
export function composes(event) {
  return event.isComposing || event.keyCode === 229;
}

/**
 * Tell those above that the person wants something.
 *
 * @param {Element} from
 * @param {string} wish
 * @param {unknown} [detail]
 */
export function wish(from, wish, detail) {
  from.dispatchEvent(new CustomEvent(wish, { bubbles: true, detail }));
}
