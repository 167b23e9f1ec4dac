"""How quickly an answer falls silent when it is spoken over, counted on the audio thread of a real Chromium.

    python3 scripts/bench_interruption.py [--times 10] [--url http://127.0.0.1:8765/]

Asks a question by typing, lets the answer sound for a second, opens a microphone that says "Stop, thank you." (over a fresh service with a
fresh stand-in unless --url names a running one), and prints for each time: milliseconds from the page's handling of `speech_started` to
the first quantum of nothing but zeros, the frames that still left after it, how long the answer sounded after the person's first sound,
and the figure of `conversation.item.truncate` beside the frames that were played. The limit beside: one quantum, 128 frames, 5.3 ms.
Sound goes to a pretended device, which asks for it in pieces of about 10 ms; clocks are read in whole milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    from run import in_environment

    in_environment("local", "test")

from playwright.async_api import Browser, Page, async_playwright

from bench_voice import service
from machine import find_browser

RATE = 24_000
QUANTUM = 128
QUESTION = "When is a taxi reimbursed?"
SPOKEN = Path(__file__).resolve().parents[1] / "tests" / "browser" / "questions" / "interruption-slt.wav"
SPOKEN_FROM_S = 7.0
"""Where the last second before "Stop, thank you." begins."""
SOUNDED_FRAMES = RATE
"""Of the answer, before the microphone is opened."""
WAIT_MS = 30_000
FLAGS = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--no-sandbox"]

TAP = """
class Tap extends AudioWorkletProcessor {
  constructor() {
    super();
    this.told = { frames: 0, sounding: 0, silent: 0, silentAt: 0, loudAt: 0 };
    this.port.onmessage = ({ data }) => this.port.postMessage({ id: data, ...this.told });
  }
  process([input]) {
    const heard = input[0] ?? new Float32Array(128);
    const count = heard.reduce((sum, sample) => sum + (sample !== 0), 0);
    const loud = Math.sqrt(heard.reduce((sum, sample) => sum + sample * sample, 0) / heard.length) > 0.02;
    if (count === 0 && this.told.silent === 0) this.told.silentAt = Date.now();
    if (loud && !this.told.loudAt) this.told.loudAt = Date.now();
    this.told.silent = count ? 0 : this.told.silent + heard.length;
    this.told.frames += heard.length;
    this.told.sounding += count;
    return true;
  }
}
registerProcessor('tap', Tap);
"""

LISTENING = """(worklet) => {
  const connect = AudioNode.prototype.connect;
  const tapped = (context) => (context.tap ??= context.audioWorklet.addModule(worklet).then(() => {
    const node = new AudioWorkletNode(context, 'tap', { channelCount: 1, channelCountMode: 'explicit' });
    connect.call(node, context.destination);
    const asked = new Map();
    node.port.onmessage = ({ data }) => asked.get(data.id)?.(data);
    let count = 0;
    return { node, ask: () => new Promise((resolve) => { asked.set(++count, resolve); node.port.postMessage(count); }) };
  }));
  const ends = {};
  const listen = (name, from) => tapped(from.context).then((tap) => { connect.call(from, tap.node); ends[name] = tap; });
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target === this.context.destination) void listen('speaker', this);
    else if (this instanceof MediaStreamAudioSourceNode) void listen('microphone', this);
    return connect.call(this, target, ...rest);
  };
  let handled = null;
  const Whole = WebSocket;
  window.WebSocket = class extends Whole {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {  // before the page's own, in the same task
        if (!handled && ends.speaker && JSON.parse(data).type === 'input_audio_buffer.speech_started') {
          handled = { at: Date.now(), then: ends.speaker.ask() };
        }
      });
    }
    send(data) {
      super.send(data);
      const event = JSON.parse(data);
      if (event.type === 'conversation.item.truncate' && handled && !window.cut) window.cut = fallen(event);
    }
  };
  const fallen = async (truncate) => {
    let now;
    do now = await ends.speaker.ask(); while (now.silent < 2400);
    const [then, person] = [await handled.then, await ends.microphone.ask()];
    const { silentAt, sounding } = now;
    return { at: handled.at, silentAt, after: sounding - then.sounding, spokenAt: person.loudAt, toldMs: truncate.audio_end_ms };
  };
}"""
"""Taps at the loudspeaker and at the microphone, and an eye on the socket. Tap and player are told in one task that somebody speaks."""


@dataclass(frozen=True)
class Cut:
    """One answer that was spoken over."""

    silent_ms: int
    """From the page's handling of `speech_started` to the first quantum of zeros."""
    after: int
    """Frames that were not zero and left after that handling."""
    sounded_ms: int
    """From the person's first sound at the microphone to the first quantum of zeros."""
    told_ms: int
    """What the server was told that was heard."""
    played: int
    """Frames that the worklet played."""

    @property
    def is_exact(self) -> bool:
        """Whether the server was told what was played, in whole milliseconds."""
        return self.told_ms == self.played * 1_000 // RATE


def cut_wave(folder: Path) -> Path:
    """A second of silence and the words that interrupt."""
    path = folder / "stop.wav"
    with wave.open(str(SPOKEN)) as whole, wave.open(str(path), "wb") as rest:
        whole.setpos(int(SPOKEN_FROM_S * whole.getframerate()))
        rest.setparams(whole.getparams())
        rest.writeframes(whole.readframes(whole.getnframes()))
    return path


async def interrupt(page: Page, address: str) -> Cut:
    """One visit."""
    await page.add_init_script(f"({LISTENING})({json.dumps('data:text/javascript,' + quote(TAP))})")
    await page.goto(address)
    await page.locator("#question").fill(QUESTION)
    await page.keyboard.press("Enter")
    await page.wait_for_function("(count) => document.querySelector('ask-controls').dataset.framesSounding >= count", arg=SOUNDED_FRAMES)
    await page.locator(".talk").click()
    await page.wait_for_function("() => window.cut")
    got: dict[str, Any] = await page.evaluate("cut")
    cut = await page.evaluate("() => Number(document.querySelector('ask-controls').dataset.framesCut)")
    await page.wait_for_function("(cut) => Number(document.querySelector('ask-controls').dataset.framesPlayed) >= cut", arg=cut)
    played = await page.evaluate("() => Number(document.querySelector('ask-controls').dataset.framesPlayed)")
    return Cut(got["silentAt"] - got["at"], got["after"], got["silentAt"] - got["spokenAt"], got["toldMs"], played)


async def visits(browser: Browser, address: str, times: int) -> list[Cut]:
    """So many visits, each with its line of the table."""
    cuts = []
    print("silent after · frames after · sounded over the person · told · played")
    for _ in range(times):
        context = await browser.new_context(bypass_csp=True, reduced_motion="reduce", permissions=["microphone"])
        context.set_default_timeout(WAIT_MS)
        cut = await interrupt(await context.new_page(), address)
        await context.close()
        cuts.append(cut)
        verdict = "exact" if cut.is_exact else "NOT EXACT"
        played_ms = cut.played * 1_000 / RATE
        print(f"{cut.silent_ms:4d} ms · {cut.after:4d} · {cut.sounded_ms:5d} ms · {cut.told_ms:6d} ms · {played_ms:9.2f} ms  {verdict}")
    return cuts


async def measure(times: int, url: str | None) -> bool:
    """The table and its last lines. False when the server was told something else than what was played."""
    with tempfile.TemporaryDirectory() as folder:
        spoken = cut_wave(Path(folder))
        async with service(url and url.replace("http", "ws", 1)) as found, async_playwright() as playwright:
            address = found.replace("ws", "http", 1).rstrip("/") + "/"
            flags = [*FLAGS, f"--use-file-for-fake-audio-capture={spoken}%noloop"]
            browser = await playwright.chromium.launch(executable_path=find_browser(), args=flags)
            cuts = await visits(browser, address, times)
            await browser.close()
    silent, sounded = [cut.silent_ms for cut in cuts], [cut.sounded_ms for cut in cuts]
    exact = sum(cut.is_exact for cut in cuts)
    print(f"\nsilent after `speech_started` was handled: median {statistics.median(silent):.0f} ms, slowest {max(silent)} ms;", end=" ")
    print(f"frames that still left: at most {max(cut.after for cut in cuts)} (limit: one quantum, {QUANTUM} frames, 5.3 ms)")
    print(f"silent after the person's first sound: median {statistics.median(sounded):.0f} ms, slowest {max(sounded)} ms")
    print(f"the server was told what was played: {exact} of {len(cuts)}")
    return exact == len(cuts)


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=10, help="how many answers are spoken over")
    parser.add_argument("--url", help="a running service, as in http://127.0.0.1:8765/")
    options = parser.parse_args()
    if not asyncio.run(measure(options.times, options.url)):
        raise SystemExit("The server was told something else than what was played.")


if __name__ == "__main__":
    main()
