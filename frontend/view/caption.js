/** An answer's words with those that were heard set apart from those still to come: by the word, at rest, without motion. */

import { element, say } from "./element.js";

/** Where no space comes within so many characters the script has none, and words are not waited for. */
const WORD_MAX = 24;

/**
 * @param {Element} target
 * @param {string} words
 * @param {number | undefined} heard characters that were; undefined where nothing is told apart
 */
export function caption(target, words, heard) {
  const at = heard === undefined ? words.length : wordEnd(words, heard);
  if (at >= words.length) {
    if (target.firstElementChild) target.textContent = words;
    else say(target, words);
    return;
  }
  if (!target.firstElementChild) target.replaceChildren(element("span", { class: "heard" }), element("span", { class: "ahead" }));
  const [before, after] = target.children;
  if (before) say(before, words.slice(0, at));
  if (after) say(after, words.slice(at));
}

/**
 * @param {string} words
 * @param {number} at
 */
function wordEnd(words, at) {
  if (at <= 0) return 0;
  const rest = words.slice(at, at + WORD_MAX).search(/\s/);
  if (rest >= 0) return at + rest;
  return words.length - at < WORD_MAX ? words.length : at;
}
