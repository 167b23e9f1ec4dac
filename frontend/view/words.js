/**
 * Words of the page that follow its language: a text or an attribute that was made of `words` is told anew when the language changes.
 * What is written anew with each state (`say`) follows by itself.
 */

import { t } from "../locale.js";

/** @import { Key } from "../locale.js" */

/** Of texts and attributes: what they say. */
const KEYS = /** @type {WeakMap<Node, Key>} */ (new WeakMap());

/**
 * @param {Key} key
 * @returns {Text} a child of an element, or, given as an attribute's value, that attribute's words
 */
export function words(key) {
  const text = new Text(t(key));
  KEYS.set(text, key);
  return text;
}

/**
 * @param {Element} target
 * @param {string} name of an attribute
 * @param {Text} text made by `words`
 */
export function worded(target, name, text) {
  target.setAttribute(name, text.data);
  const there = target.getAttributeNode(name);
  const key = KEYS.get(text);
  if (there && key) KEYS.set(there, key);
}

/**
 * The language has changed.
 *
 * @param {Element} root
 */
export function retell(root) {
  for (const each of root.querySelectorAll("*")) {
    for (const node of [...each.attributes, ...each.childNodes]) {
      const key = KEYS.get(node);
      if (key) node.nodeValue = t(key);
    }
  }
}
