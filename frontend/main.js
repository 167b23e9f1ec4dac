/** Where the page's rooms meet: makes them, carries wishes from the elements to the conversation and its state back to the elements. */

import { Client } from "./client.js";
import { Line } from "./line.js";
import { loadLocale, t } from "./locale.js";
import { Player } from "./audio/player.js";
import { Recorder } from "./audio/recorder.js";
import { Talk } from "./talk.js";
import { say } from "./view/element.js";

/** @import { State } from "./conversation.js" */
/** @import { Key } from "./locale.js" */

/** Where the choice of a voice is kept between visits. */
const VOICE_KEPT_AS = "askaloud.voice";

await loadLocale();
// The elements draw their words as they are made, so they come after the words.
const [{ Controls }, { Transcript }, { Notices }, { Passage }, { Settings }] = await Promise.all([
  import("./view/controls.js"),
  import("./view/transcript.js"),
  import("./view/notices.js"),
  import("./view/passage.js"),
  import("./view/settings.js"),
]);

const view = {
  controls: found("ask-controls", Controls),
  transcript: found("ask-transcript", Transcript),
  notices: found("ask-notices", Notices),
  passage: found("ask-passage", Passage),
  settings: found("ask-settings", Settings),
  doors: found("#doors", HTMLElement),
};
const player = new Player();
const line = new Line(new Client(Client.address(document.baseURI), patience(document.body.dataset.silenceMs)));
const talk = new Talk(line, new Recorder(), player);
let voice = keptVoice();
let drawing = 0;

say(found("#name", HTMLElement), t("app.name"));
say(found("#skip", HTMLElement), t("app.skip"));
talk.addEventListener("change", () => (drawing ||= requestAnimationFrame(draw)));
talk.addEventListener("level", (event) => view.controls.level(/** @type {CustomEvent<number>} */ (event).detail));
player.addEventListener("report", (event) => view.controls.measured(/** @type {CustomEvent} */ (event).detail, talk.counts));

const wishes = /** @type {Record<string, (detail: any) => void>} */ ({
  "ask-talk": () => void talk.toggleMicrophone(),
  "ask-stop": () => talk.stop(),
  "ask-type": (text) => talk.type(text),
  "ask-again": () => talk.begin(),
  "ask-dismiss": (code) => talk.dismiss(code),
  "ask-open": ({ card, answer }) => void view.passage.open(card, answer),
  "ask-new": () => talk.begin({ fresh: true }),
  "ask-voice": (chosen) => {
    voice = chosen;
    keepVoice(chosen);
    talk.speakAs(chosen);
  },
});
for (const [name, act] of Object.entries(wishes)) {
  document.addEventListener(name, (event) => act(/** @type {CustomEvent} */ (event).detail));
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && !document.querySelector("dialog[open]")) talk.stop();
});
for (const gesture of ["pointerdown", "keydown"]) document.addEventListener(gesture, () => talk.unblock());
addEventListener("online", () => line.hurry());
addEventListener("pagehide", () => talk.end());
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) talk.begin(); // the browser kept the page while it was away, but not its socket
});

talk.speakAs(voice);
talk.begin();
draw();

/**
 * Whoever serves the page may let it take less silence for a lost network, or more: `<body data-silence-ms="20000">`.
 *
 * @param {string | undefined} silence
 */
function patience(silence) {
  const silenceMs = Number(silence);
  return silenceMs > 0 ? { silenceMs } : {};
}

function draw() {
  drawing = 0;
  const { state } = talk;
  document.body.dataset.empty = String(!state.turns.length);
  view.controls.render(state);
  view.transcript.render(state);
  view.notices.render(state);
  view.settings.render(state, voice);
  say(view.doors, standIns(state));
}

/**
 * Which of the two services is the stand-in, in a sentence.
 *
 * @param {State} state
 */
function standIns({ conversation }) {
  const realtime = conversation?.doors?.realtime === "stand-in";
  const search = conversation?.doors?.search === "stand-in";
  /** @type {Key | null} */
  const key = realtime && search ? "doors.both" : realtime ? "doors.realtime" : search ? "doors.search" : null;
  return key ? t(key) : "";
}

function keptVoice() {
  try {
    return localStorage.getItem(VOICE_KEPT_AS);
  } catch {
    return null; // a browser may forbid storage; then the choice lasts as long as the page
  }
}

/** @param {string | null} chosen */
function keepVoice(chosen) {
  try {
    if (chosen) localStorage.setItem(VOICE_KEPT_AS, chosen);
    else localStorage.removeItem(VOICE_KEPT_AS);
  } catch {
    // as above
  }
}

/**
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T}
 */
function found(selector, kind) {
  const element = document.querySelector(selector);
  if (!(element instanceof kind)) throw new Error(`the page has no ${selector}`);
  return element;
}
