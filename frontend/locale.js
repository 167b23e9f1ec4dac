/** The page's sentences: one JSON per language, and the way to one sentence. Knows no element. */

/** @typedef {keyof typeof import("./locales/en.json")} Key */
/** @typedef {Record<string, string>} Sentences */

/** The language whose file is loaded; more come with more files. */
const LANGUAGE = "en";

/** @type {Sentences} */
let sentences = {};

/** Fetch the sentences. Call it before anything is drawn. */
export async function loadLocale() {
  const answer = await fetch(new URL(`locales/${LANGUAGE}.json`, import.meta.url));
  sentences = await answer.json();
  document.documentElement.lang = LANGUAGE;
}

/**
 * @param {Key} key
 * @param {Record<string, string | number>} [values] what stands for `{name}` in the sentence
 */
export function t(key, values = {}) {
  return filled(sentences[key] ?? key, values);
}

/**
 * Several things in one breath: “a, b, and c”, as the language has it.
 *
 * @param {string[]} parts
 */
export function listed(parts) {
  return new Intl.ListFormat(LANGUAGE).format(parts);
}

/**
 * The sentence for a notice of the server or of the page.
 *
 * @param {{ code: string, message: string, retryAfterMs: number | null }} notice `message` counts where we have no sentence for the code
 */
export function sentenceFor({ code, message, retryAfterMs }) {
  const sentence = sentences[`notice.${code}`] || message || t("notice.internal_error");
  if (retryAfterMs === null) return sentence;
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
  const timed = sentences[`notice.${code}.retry`]; // for those that would else say twice when to try again
  return timed ? filled(timed, { seconds }) : `${sentence} ${t("notice.retry", { seconds })}`;
}

/**
 * @param {string} sentence
 * @param {Record<string, string | number>} values
 */
function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
