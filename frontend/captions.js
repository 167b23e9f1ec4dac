/**
 * How many of an answer's characters were heard when so many of its frames were played. A piece of words belongs to the sound that comes
 * after it, until the next piece; within it characters are spread evenly. Knows numbers only: no player, no page.
 */

import { RATE } from "./audio/pcm.js";

/** Frames that a character is taken to last while it is not known how much sound still comes for it: fifteen a second are spoken quickly. */
const FRAMES_PER_CHARACTER = RATE / 15;

/** Answers that are followed at once: there is one in the speaker and one behind it. */
const FOLLOWED = 4;

/** @typedef {{ characters: number, frames: number }} Piece */

export class Captions {
  /** @type {Map<string, { pieces: Piece[], ended: boolean }>} */
  #answers = new Map();

  /**
   * @param {string} id the item
   * @param {number} frames of sound that came for it
   * @returns {boolean} whether these are the first
   */
  sound(id, frames) {
    const pieces = this.#of(id);
    const first = !pieces.some((piece) => piece.frames);
    const last = pieces.at(-1) ?? this.#begun(pieces);
    last.frames += frames;
    return first;
  }

  /**
   * @param {string} id the item
   * @param {string} words a piece of what it says
   */
  words(id, words) {
    const pieces = this.#of(id);
    const last = pieces.at(-1);
    if (last && (!last.frames || !last.characters)) last.characters += words.length; // words before any sound, or sound before any words
    else this.#begun(pieces).characters = words.length;
  }

  /** @param {string} id the item that gets no more sound */
  end(id) {
    const answer = this.#answers.get(id);
    if (answer) answer.ended = true;
  }

  /**
   * @param {string} id the item
   * @param {number} played frames of it
   * @returns {number} characters that were heard, counted from its first
   */
  heard(id, played) {
    const { pieces, ended } = this.#answers.get(id) ?? { pieces: [], ended: true };
    const whole = ended ? folded(pieces) : pieces;
    let [rest, characters] = [played, 0];
    for (const [i, piece] of whole.entries()) {
      const open = i === whole.length - 1 && !ended;
      const frames = open ? Math.max(piece.frames, piece.characters * FRAMES_PER_CHARACTER) : piece.frames;
      if (rest < frames) return Math.floor(characters + (piece.characters * rest) / frames);
      characters += piece.characters;
      rest -= frames;
    }
    return characters;
  }

  /** @param {string} id */
  #of(id) {
    const there = this.#answers.get(id);
    if (there) return there.pieces;
    /** @type {Piece[]} */
    const pieces = [];
    this.#answers.set(id, { pieces, ended: false });
    if (this.#answers.size > FOLLOWED) this.#answers.delete(/** @type {string} */ (this.#answers.keys().next().value));
    return pieces;
  }

  /** @param {Piece[]} pieces */
  #begun(pieces) {
    const piece = { characters: 0, frames: 0 };
    pieces.push(piece);
    return piece;
  }
}

/**
 * Words after the last sound belong to the sound before them: some servers say the words later.
 *
 * @param {Piece[]} pieces
 */
function folded(pieces) {
  const last = pieces.findLastIndex((piece) => piece.frames > 0);
  if (last < 0 || last === pieces.length - 1) return pieces;
  const late = pieces.slice(last).reduce((sum, piece) => sum + piece.characters, 0);
  return [...pieces.slice(0, last), { characters: late, frames: pieces[last]?.frames ?? 0 }];
}
