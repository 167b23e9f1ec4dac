/** A passage as paragraphs, with the words of the excerpt marked in it. Makes text nodes only. */

import { element } from "./element.js";

/**
 * @param {string} text the whole passage
 * @param {string} excerpt what the card showed of it; all is marked where it is not found in the text
 * @returns {HTMLElement[]} paragraphs
 */
export function marked(text, excerpt) {
  const [from, to] = found(text, excerpt) ?? [0, text.length];
  const paragraphs = [];
  for (const match of text.matchAll(/[^\n](?:.|\n(?!\s*\n))*/g)) {
    const start = match.index;
    const end = start + match[0].length;
    const first = Math.min(Math.max(from, start), end) - start;
    const last = Math.min(Math.max(to, start), end) - start;
    const parts = [match[0].slice(0, first), match[0].slice(first, last), match[0].slice(last)];
    paragraphs.push(element("p", {}, parts[0] ?? "", parts[1] ? element("mark", {}, parts[1]) : null, parts[2] ?? ""));
  }
  return paragraphs;
}

/**
 * Where the excerpt stands. White space may differ, and dots at its ends only say that the text goes on.
 *
 * @param {string} text
 * @param {string} excerpt
 * @returns {[number, number] | null}
 */
function found(text, excerpt) {
  const words = excerpt.replace(/^[\s.…]*…|(…|\.\.\.)\s*$/g, "").split(/\s+/).filter(Boolean);
  if (!words.length) return null;
  const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+");
  const match = new RegExp(pattern).exec(text);
  return match ? [match.index, match.index + match[0].length] : null;
}
