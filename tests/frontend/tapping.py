"""An ear at the loudspeaker: what leaves a page by any way is counted on the audio thread, sample by sample, whoever makes it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from urllib.parse import quote

from playwright.async_api import Page
from tests.frontend.far_end import PATIENCE_S

WORKLET = """
class Tap extends AudioWorkletProcessor {
  constructor() {
    super();
    this.frames = 0;
    this.sounding = 0;
    this.silent = 0;
    this.port.onmessage = () => this.port.postMessage({ frames: this.frames, sounding: this.sounding, silent: this.silent });
  }
  process([input]) {
    const heard = input[0] ?? new Float32Array(128);
    for (const sample of heard) {
      this.frames += 1;
      if (sample === 0) this.silent += 1;
      else { this.sounding += 1; this.silent = 0; }
    }
    return true;
  }
}
registerProcessor('tap', Tap);
"""

LISTENING = """(worklet) => {
  const connect = AudioNode.prototype.connect;
  const tapped = (context) => (context.tap ??= context.audioWorklet.addModule(worklet).then(() => {
    const tap = new AudioWorkletNode(context, 'tap', { channelCount: 1, channelCountMode: 'explicit' });
    connect.call(tap, context.destination);  // it is silent itself, and heard only so that it runs
    return tap;
  }));
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target === this.context.destination) window.tap = tapped(this.context).then((tap) => (connect.call(this, tap), tap));
    return connect.call(this, target, ...rest);
  };
  window.heard = async () => {
    if (!window.tap) return { frames: 0, sounding: 0, silent: 0 };
    const tap = await window.tap;
    return new Promise((resolve) => {
      tap.port.onmessage = ({ data }) => resolve(data);
      tap.port.postMessage('?');
    });
  };
}"""


@dataclass(frozen=True, slots=True)
class Heard:
    """Frames that left the page since it first could sound: all, not zero of those, and zero since the last that was not."""

    frames: int
    sounding: int
    silent: int


async def tap(page: Page) -> None:
    """Listen from now on; before the page is opened, and in a context with `bypass_csp`, for the page's own policy lets nobody in."""
    await page.add_init_script(f"({LISTENING})({json.dumps('data:text/javascript,' + quote(WORKLET))})")


async def heard(page: Page) -> Heard:
    """What was heard until now."""
    return Heard(**await page.evaluate("heard()"))


async def hears(page: Page, what: str, count: int) -> Heard:
    """Wait until so many frames of a kind were heard."""
    async with asyncio.timeout(PATIENCE_S):
        while getattr(now := await heard(page), what) < count:
            pass
    return now
