/** Where the page's rooms meet: makes them, carries wishes from the elements to the conversation and its state back to the elements. */

import { keepChoices, keptChoices } from "./choices.js";
import { Client } from "./client.js";
import { Line } from "./line.js";
import { Microphones, keptMicrophone } from "./audio/microphones.js";
import { Lingering } from "./lingering.js";
import { loadLocale, t } from "./locale.js";
import { Player } from "./audio/player.js";
import { Recorder } from "./audio/recorder.js";
import { Speaker } from "./speaker.js";
import { Talk } from "./talk.js";
import { Tone } from "./audio/tone.js";
import { composes, say, styled } from "./view/element.js";
import { retell, words } from "./view/words.js";

/** @import { State } from "./conversation.js" */
/** @import { Key } from "./locale.js" */

await loadLocale();
const player = new Player();
const speaker = new Speaker(player);
const line = new Line(new Client(Client.address(document.baseURI), patience(document.body.dataset.silenceMs)));
const recorder = new Recorder();
recorder.device = keptMicrophone();
const microphones = new Microphones(recorder, new Recorder());
const talk = new Talk(line, recorder, speaker);
const lingering = new Lingering(talk, line, new Tone(), () => player.output);
let choices = keptChoices();
let drawing = 0;
/** What is drawn on, once it has come: the elements draw their words as they are made, so they come after the words. */
let view = /** @type {Awaited<ReturnType<typeof elements>> | null} */ (null);
// Rooms that are fetched when they are needed.
/** @type {import("./view/settings.js").Settings | null} */
let settings = null;
/** @type {import("./view/passage.js").Passage | null} */
let passage = null;
/** Those that are on their way: who wants one meanwhile waits for the same. */
const coming = /** @type {Map<() => Promise<any>, Promise<any>>} */ (new Map());

say(found("#name", HTMLElement), t("app.name"));
found("#skip", HTMLElement).append(words("app.skip"));
for (const told of [talk, lingering, microphones]) told.addEventListener("change", () => (drawing ||= requestAnimationFrame(draw)));
talk.ear.addEventListener("level", (event) => view?.controls.level(/** @type {CustomEvent<number>} */ (event).detail));
recorder.addEventListener("replaced", () => talk.notify("microphone_replaced"));
microphones.addEventListener("level", (event) => settings?.microphone.level(/** @type {CustomEvent<number>} */ (event).detail));
speaker.addEventListener("heard", (event) => view?.transcript.heard(/** @type {CustomEvent} */ (event).detail));
player.addEventListener("report", (event) => view?.controls.measured(/** @type {CustomEvent} */ (event).detail, talk.counts));

const wishes = /** @type {Record<string, (detail: any) => void>} */ ({
  "ask-talk": () => void talk.toggleMicrophone(),
  "ask-stop": () => talk.stop(),
  "ask-type": (text) => talk.type(text),
  "ask-again": () => talk.begin(),
  "ask-dismiss": (code) => talk.dismiss(code),
  "ask-press": () => talk.press(),
  "ask-release": () => talk.release(),
  "ask-hold": () => view?.controls.button?.focus(),
  "ask-open": ({ card, answer }) => void open(card, answer),
  "ask-settings": () => void choose(),
  "ask-save": () => void save(),
  "ask-microphone": (id) => void microphones.choose(id),
  "ask-try": (listen) => (listen ? void microphones.try() : microphones.leave()),
  "ask-reload": () => location.reload(),
  "ask-language": (language) => void speak(language),
  "ask-new": () => talk.begin({ fresh: true }),
  "ask-choose": (chosen) => {
    choices = { ...choices, ...chosen };
    keepChoices(choices);
    talk.choose(chosen);
  },
});
for (const [name, act] of Object.entries(wishes)) {
  document.addEventListener(name, (event) => act(/** @type {CustomEvent} */ (event).detail));
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !composes(event) && !document.querySelector("dialog[open]")) talk.stop();
});
// A key that is held repeats itself, and would press a button, or the one that takes its place, again and again.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.repeat && event.target instanceof HTMLButtonElement) event.preventDefault();
});
// A finger's `pointerdown` may still become a scroll, so that browsers let nothing sound for it.
for (const gesture of ["pointerup", "keydown"]) document.addEventListener(gesture, () => talk.unblock());
addEventListener("online", () => line.hurry());
addEventListener("pagehide", () => {
  microphones.leave();
  talk.end();
});
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) talk.begin(); // the browser kept the page while it was away, but not its socket
});

talk.choose(choices);
// Whoever sees a button may press it: by now there is somebody to hear of it.
view = await elements().catch((error) => {
  talk.end(); // start.js says that the page has not come
  throw error;
});
if (talk.state.connection === "closed") talk.begin(); // else somebody has typed already
draw();

async function elements() {
  const [{ Controls }, { Transcript }, { Notices }, { Tools }] = await Promise.all([
    import("./view/controls.js"),
    import("./view/transcript.js"),
    import("./view/notices.js"),
    import("./view/tools.js"),
  ]);
  return {
    controls: found("ask-controls", Controls),
    transcript: found("ask-transcript", Transcript),
    notices: found("ask-notices", Notices),
    tools: found("ask-tools", Tools),
    doors: found("#doors", HTMLElement),
  };
}

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
  if (!view) return;
  const { state } = talk;
  document.body.dataset.empty = String(!state.turns.some((turn) => turn.kept));
  view.controls.render(state, lingering.long);
  view.transcript.render(state);
  view.notices.render(state);
  view.tools.render(state);
  drawSettings();
  if (state.turns.length) void fetched(cards); // it may be laid down soon
  if (Object.keys(state.cards).length) void fetched(reading); // while the network is there
  say(view.doors, standIns(state));
}

function drawSettings() {
  settings?.render(talk.state, choices.voice);
  settings?.microphone.render(microphones, talk.state.microphone === "on");
}

/**
 * A room that is fetched when it is needed; null while the network does not give it.
 *
 * @template T
 * @param {() => Promise<T>} room
 * @returns {Promise<T | null>}
 */
function fetched(room) {
  const there = coming.get(room) ?? room().catch(() => null).finally(() => coming.delete(room));
  coming.set(room, there);
  return there;
}

async function cards() {
  if (customElements.get("ask-sources")) return;
  await styled("cards");
  await import("./view/sources.js");
  draw();
}

async function reading() {
  if (passage) return;
  await styled("dialogs");
  const { Passage } = await import("./view/passage.js");
  passage = found("ask-passage", Passage);
}

async function choosing() {
  await styled("dialogs");
  const { Settings } = await import("./view/settings.js");
  settings = found("ask-settings", Settings);
}

/**
 * @param {import("./turns.js").Card} card
 * @param {string} answer the words of the answer that used it
 */
async function open(card, answer) {
  if (!passage) await fetched(reading);
  if (passage) await passage.open(card, answer);
  else talk.notify("server_unreachable");
}

async function choose() {
  if (!settings) await fetched(choosing);
  drawSettings();
  void microphones.look();
  if (settings) settings.open();
  else talk.notify("server_unreachable");
}

/** @param {string} language that somebody chose */
async function speak(language) {
  if ((await fetched(() => loadLocale(language).then(() => true))) === null) {
    talk.notify("server_unreachable");
    settings?.refuse(language);
  }
  retell(document.body);
  draw();
}

async function save() {
  const saving = await fetched(() => import("./saving.js"));
  if (saving) saving.save(talk.state, new Date());
  else talk.notify("server_unreachable");
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
