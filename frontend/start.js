/**
 * Begins the page, or says why it cannot: in the sentences that stand in `index.html`, for what brings others may be what is missing.
 * Written for old browsers too, so it imports nothing before it has looked.
 */

/** What the page is made of and not every browser has; a browser with these has the rest. */
const NEEDED = [Array.prototype.toReversed, Array.prototype.findLast, globalThis.HTMLDialogElement, globalThis.WebSocket, Intl.RelativeTimeFormat, looksBehind()];

if (NEEDED.every(Boolean)) {
  import("./main.js").catch((error) => {
    halt(error instanceof SyntaxError ? "browser_too_old" : "server_unreachable");
    throw error; // whoever looks at the console shall find it there
  });
} else {
  halt("browser_too_old");
}

/** Whether patterns may look behind themselves; asked in a string, for a browser that cannot do that would not read the file. */
function looksBehind() {
  try {
    return new RegExp("(?<=a)b");
  } catch (error) {
    return null;
  }
}

/** @param {"browser_too_old" | "server_unreachable"} code */
function halt(code) {
  for (const id of ["halted", code]) document.getElementById(id)?.removeAttribute("hidden");
}
