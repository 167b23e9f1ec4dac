/**
 * Holding: a button under a finger, or the space bar wherever it has nothing else to do. Who cannot hold a key begins and ends with a
 * click that no pointer made: Enter, or a screen reader's.
 */

/** Where the space bar has a meaning of its own. */
const BUSY = "input, textarea, select, button, a, summary, [contenteditable], dialog";

/**
 * @param {HTMLElement} button
 * @param {{ active: () => boolean, press: () => void, release: () => void }} wants active: whether the button is one to hold at all
 * @returns {() => void} tell it that a press came to nothing: then the next click begins one
 */
export function holdable(button, { active, press, release }) {
  let held = "";
  const begin = (/** @type {string} */ how) => {
    if (held || !active()) return;
    held = how;
    press();
  };
  const end = () => {
    if (!held) return;
    held = "";
    release();
  };
  const isFree = (/** @type {EventTarget | null} */ target) =>
    target instanceof Element && (target === button || !target.closest(BUSY)) && !document.querySelector("dialog[open]");

  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !active()) return;
    button.setPointerCapture(event.pointerId);
    begin("pointer");
  });
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) button.addEventListener(name, () => held === "pointer" && end());
  button.addEventListener("click", (event) => {
    if (event.detail || !active()) return;
    if (held) end();
    else begin("click");
  });
  button.addEventListener("contextmenu", (event) => active() && event.preventDefault()); // a long touch asks for none here
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || event.ctrlKey || event.altKey || event.metaKey || !active() || !isFree(event.target)) return;
    event.preventDefault(); // neither a click nor a page further
    if (!event.repeat) begin("key");
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== " " || held !== "key") return;
    event.preventDefault();
    end();
  });
  for (const name of ["blur", "pagehide"]) addEventListener(name, end); // the end of the press will not be seen
  document.addEventListener("visibilitychange", () => document.hidden && end());
  return () => {
    if (held === "click") held = ""; // a finger or a key will still be seen to go up
  };
}
