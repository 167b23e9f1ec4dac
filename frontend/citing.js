/**
 * Which sentences of a passage an answer was made of, found by their words; the server says only which passages. Pure.
 *
 * For each sentence of the answer: the sentence of the passage that shares most of its telling words, if it shares enough. Words are
 * compared as written, and scripts without spaces by pairs of characters, so nothing here is about English.
 */

import { blocks } from "./layout.js";

/** @import { Place } from "./layout.js" */

/** Of a sentence's telling words, how many must stand in one sentence of the passage: an answer rephrases, but numbers and nouns stay. */
const SHARE = 0.5;

/** One common word proves nothing. */
const WORDS_MIN = 2;

/** Shorter words are mostly glue, in every language with spaces; numbers always count. */
const WORD_MIN_CHARS = 4;

/** An answer has two sentences; one that goes on is followed as far as this. */
const SENTENCES_MAX = 20;

/** How far into a passage it is looked: other people's indexes may hold whole documents. */
const TEXT_MAX_CHARS = 20_000;

/** Between sentences and items. A small letter goes on with the sentence, as after an abbreviation. */
const BREAK = /(?<=[.!?؟।])["'”’»)\]]*\s+(?![a-zà-öø-ÿа-я])|(?<=[。！？])[」』”]*|\n(?=\s*(?:[-*•–#]|\d{1,2}[.)]\s))/g;

const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/;

/**
 * @param {string} text a passage
 * @param {string} answer
 * @returns {Place[]} the sentences and rows, in the order of the text; none where nothing fits well enough
 */
export function used(text, answer) {
  const parts = sentences(text.slice(0, TEXT_MAX_CHARS)).map((place) => ({ place, words: telling(text.slice(...place)) }));
  const found = sentences(answer)
    .slice(0, SENTENCES_MAX)
    .map((place) => bestFor(telling(answer.slice(...place)), parts));
  return parts.filter((part) => found.includes(part)).map((part) => part.place);
}

/** @typedef {{ place: Place, words: Set<string> }} Part */

/**
 * @param {Set<string>} words
 * @param {Part[]} parts
 * @returns {Part | null} of those that share as much, the one that says the least beside it
 */
function bestFor(words, parts) {
  const shared = (/** @type {Part} */ part) => [...words].filter((word) => part.words.has(word)).length;
  const [best] = parts.toSorted((one, other) => shared(other) - shared(one) || one.words.size - other.words.size);
  const count = best ? shared(best) : 0;
  return best && count >= WORDS_MIN && count / words.size >= SHARE ? best : null;
}

/**
 * @param {string} text
 * @returns {Place[]} sentences, and rows of tables
 */
function sentences(text) {
  return blocks(text).flatMap((block) => {
    if (block.kind === "table") return block.rows.map((row) => /** @type {Place} */ ([row[0]?.[0] ?? 0, row.at(-1)?.[1] ?? 0]));
    const [from, to] = block.place;
    const ends = [...text.slice(from, to).matchAll(BREAK)].map((match) => ({ end: from + match.index + tail(match[0]), next: from + match.index + match[0].length }));
    const starts = [from, ...ends.map(({ next }) => next)];
    return starts.map((start, i) => /** @type {Place} */ ([start, ends[i]?.end ?? to])).filter(([start, end]) => text.slice(start, end).trim());
  });
}

/** @param {string} gap between two sentences: quotation marks and brackets at its beginning belong to the first */
function tail(gap) {
  return gap.trimEnd().length;
}

/** @param {string} text */
function telling(text) {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return new Set(words.flatMap((word) => (UNSPACED.test(word) ? pairs(word) : word.length >= WORD_MIN_CHARS || /^\p{N}+$/u.test(word) ? [word] : [])));
}

/** @param {string} word */
function pairs(word) {
  return Array.from({ length: Math.max(0, word.length - 1) }, (_, at) => word.slice(at, at + 2));
}
