/**
 * The page's languages: which there are, which one this person reads, and its sentences, fetched alone. Knows no element but the root,
 * which carries language and direction.
 */

/** @typedef {keyof typeof import("./locales/en.json")} Key */
/** @typedef {Record<string, string>} Sentences */

/** By code, each in its own words: who looks for their language reads no other. There is a file of sentences for each. */
export const LANGUAGES = Object.freeze({
  en: "English",
  de: "Deutsch",
  es: "Español",
  fr: "Français",
  id: "Bahasa Indonesia",
  pt: "Português",
  ar: "العربية",
  zh: "简体中文",
  ja: "日本語",
});

/** Where none of a person's languages is ours. */
const OTHERWISE = "en";

const KEPT = "askaloud.language";

/** From so many seconds on a wait is told in minutes. */
const MINUTES_FROM_S = 90;

/** A value that is read from another side than the sentence around it is held together by these. */
const [ISOLATED, TO_HERE] = ["\u2068", "\u2069"];

/** @type {Sentences} */
let sentences = {};

/** Counts what was asked for: sentences that come after others were chosen are for nobody. */
let asked = 0;

/** How numbers, times and lists are written: the language with this person's region, where the browser tells one. */
let tag = OTHERWISE;

/**
 * Fetch the sentences. Call it before anything is drawn, and again with the language that a person chose. Throws where they do not
 * come; then all stays as it was.
 *
 * @param {string} [chosen] one of `LANGUAGES`; it is remembered
 */
export async function loadLocale(chosen) {
  const turn = ++asked;
  const language = chosen ?? preferred(kept(), navigator.languages);
  const answer = await fetch(new URL(`locales/${language}.json`, import.meta.url));
  if (!answer.ok) throw new Error(`no sentences: ${answer.status}`);
  const told = await answer.json();
  if (turn !== asked) return;
  sentences = told;
  tag = navigator.languages.find((each) => baseOf(each) === language) ?? language;
  document.documentElement.lang = language;
  document.documentElement.dir = sentences["language.direction"] ?? "ltr";
  if (chosen) keep(chosen);
}

/**
 * @param {string | null} chosen on an earlier visit
 * @param {readonly string[]} wanted what the browser asks for, the dearest first
 */
export function preferred(chosen, wanted) {
  return [chosen ?? "", ...wanted].map(baseOf).find((each) => Object.hasOwn(LANGUAGES, each)) ?? OTHERWISE;
}

/** The code of the language that the page speaks now. */
export function language() {
  return document.documentElement.lang;
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
  return new Intl.ListFormat(tag).format(parts);
}

/** @param {Date} when */
export function dated(when) {
  return new Intl.DateTimeFormat(tag, { dateStyle: "long", timeStyle: "short" }).format(when);
}

/**
 * The sentence for a notice of the server or of the page.
 *
 * @param {{ code: string, message: string, retryAfterMs: number | null }} notice `message` counts where we have no sentence for the code
 */
export function sentenceFor({ code, message, retryAfterMs }) {
  const sentence = sentences[`notice.${code}`] || message || t("notice.internal_error");
  if (retryAfterMs === null) return sentence;
  const when = soon(retryAfterMs);
  const timed = sentences[`notice.${code}.retry`]; // for those that would else say twice when to try again
  return timed ? filled(timed, { when }) : t("notice.retry", { sentence, when });
}

/**
 * How long to wait, in words: “in 20 seconds”.
 *
 * @param {number} ms
 */
function soon(ms) {
  const seconds = Math.max(1, Math.ceil(ms / 1_000));
  const words = new Intl.RelativeTimeFormat(tag);
  return seconds < MINUTES_FROM_S ? words.format(seconds, "second") : words.format(Math.ceil(seconds / 60), "minute");
}

/**
 * @param {string} sentence
 * @param {Record<string, string | number>} values
 */
function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => written(values[name] ?? whole));
}

/** @param {string | number} value */
function written(value) {
  if (typeof value === "number") return new Intl.NumberFormat(tag, { useGrouping: false }).format(value);
  return document.documentElement.dir === "rtl" ? ISOLATED + value + TO_HERE : value;
}

/** @param {string} full such as `pt-BR` */
function baseOf(full) {
  return full.toLowerCase().split("-")[0] ?? "";
}

function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // a browser may forbid storage; then a choice lasts as long as the page
  }
}

/** @param {string} chosen */
function keep(chosen) {
  try {
    localStorage.setItem(KEPT, chosen);
  } catch {
    // as above
  }
}
