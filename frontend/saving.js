/** Saves the conversation as a file of Markdown, which the browser lays where it lays what is downloaded. Fetched when it is wanted. */

import { fileName, markdown } from "./markdown.js";
import { element } from "./view/element.js";

/** @import { State } from "./conversation.js" */

/** Browsers have read the file before this; then its memory is given back. */
const READ_MS = 10_000;

/**
 * @param {State} state
 * @param {Date} when
 */
export function save(state, when) {
  const href = URL.createObjectURL(new Blob([markdown(state, when)], { type: "text/markdown;charset=utf-8" }));
  element("a", { href, download: fileName(when) }).click();
  setTimeout(() => URL.revokeObjectURL(href), READ_MS);
}
