/**
 * How the words of a passage lie: in paragraphs, and in tables, whose rows are lines with cells between bars. Says where, as places in
 * the text, and never changes a word. Pure.
 */

/** @typedef {[from: number, to: number]} Place */
/** @typedef {{ kind: "paragraph", place: Place } | { kind: "table", rows: Place[][] }} Block rows: of cells; the first row is the table's head */

/** The line of a Markdown table that parts its head from its body. */
const RULE = /^\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?$/;

/** A bar between bars; one with a backslash before it is a word's. */
const BAR = /(?<!\\)\|/g;

/** A bar between cells that have none around them: anything closer is a word's. */
const LONE_BAR = /(?<=\s)\|(?=\s)/g;

/**
 * @param {string} text
 * @returns {Block[]} in order; lines that only look like a table (of one row, or of rows that differ in their cells) stay a paragraph
 */
export function blocks(text) {
  /** @type {Line[][]} */
  const runs = [];
  for (const match of text.matchAll(/[^\n]+/g)) {
    const line = lineAt(text, match.index, match.index + match[0].length);
    const last = runs.at(-1)?.at(-1);
    if (!last || isApart(text, last, line) || Boolean(last.cells) !== Boolean(line.cells)) runs.push([line]);
    else runs.at(-1)?.push(line);
  }
  return runs
    .map((run) => table(run) ?? /** @type {Block} */ ({ kind: "paragraph", place: [run[0]?.place[0] ?? 0, run.at(-1)?.place[1] ?? 0] }))
    .filter((block) => block.kind === "table" || text.slice(...block.place).trim());
}

/** @typedef {{ place: Place, rule: boolean, cells: Place[] | null }} Line */

/**
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @returns {Line}
 */
function lineAt(text, from, to) {
  const line = text.slice(from, to).trim();
  const rule = line.includes("|") && RULE.test(line);
  return { place: [from, to], rule, cells: rule ? [] : cellsOf(text, from, to) };
}

/**
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @returns {Place[] | null} null where the line is no row
 */
function cellsOf(text, from, to) {
  const line = text.slice(from, to);
  const fenced = /^\s*\|.*(?<!\\)\|\s*$/.test(line);
  const bars = [...line.matchAll(fenced ? BAR : LONE_BAR)].map((bar) => from + bar.index);
  if (bars.length < (fenced ? 2 : 1)) return null;
  const edges = fenced ? bars : [from - 1, ...bars, to];
  return edges.slice(1).map((edge, i) => trimmed(text, (edges[i] ?? from) + 1, edge));
}

/**
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @returns {Place}
 */
function trimmed(text, from, to) {
  const words = text.slice(from, to);
  const start = from + words.length - words.trimStart().length;
  return [Math.min(start, to), Math.max(Math.min(start, to), from + words.trimEnd().length)];
}

/**
 * Whether a blank line parts two lines that follow one another, or one of them is blank itself.
 *
 * @param {string} text
 * @param {Line} one
 * @param {Line} next
 */
function isApart(text, one, next) {
  return next.place[0] - one.place[1] > 1 || !text.slice(...next.place).trim() || !text.slice(...one.place).trim();
}

/**
 * @param {Line[]} run
 * @returns {Block | null}
 */
function table(run) {
  const rows = run.filter((line, i) => !(line.rule && i === 1)).map((line) => line.cells ?? []);
  const width = rows[0]?.length ?? 0;
  return rows.length > 1 && width > 1 && rows.every((row) => row.length === width) ? { kind: "table", rows } : null;
}
