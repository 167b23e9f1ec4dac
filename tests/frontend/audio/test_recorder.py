"""The microphone: frames of 30 ms at 24 kHz from whatever the device delivers, and a code for each way in which it does not open."""

from __future__ import annotations

import statistics
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page
from tests.browser.driving import chromium, page_in
from tests.frontend.far_end import FRONTEND, RATE, FarEnd
from tests.frontend.looking import allowed, prompts, released

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

VOICE = Path(__file__).resolve().parents[2] / "browser" / "questions" / "abroad-slt.wav"

RECORDED = """async ({ rate, seconds }) => {
  const context = new OfflineAudioContext(1, rate * seconds, rate);
  await context.audioWorklet.addModule('/audio/recorder.worklet.js');
  const node = new AudioWorkletNode(context, 'askaloud-recorder', { numberOfOutputs: 0, channelCount: 1, channelCountMode: 'explicit' });
  const tone = new OscillatorNode(context, { frequency: 500 });
  tone.connect(node);
  tone.start();
  const frames = [];
  const enough = new Promise((resolve) => {
    node.port.onmessage = ({ data }) => { if (frames.push(data) === 30) resolve(); };
  });
  await context.startRendering();
  await enough;
  const pcm = frames.flatMap(({ pcm }) => [...pcm]);
  return { sizes: [...new Set(frames.map(({ pcm }) => pcm.length))], peak: Math.max(...pcm), level: frames[10].level, pcm };
}"""

REFUSING = """(rate) => {
  const Whole = window.AudioContext;
  window.refused = 0;
  window.AudioContext = class extends Whole {
    constructor(options) { super({ sampleRate: rate, ...options }); }
    createMediaStreamSource(stream) {
      if (this.sampleRate === rate) return super.createMediaStreamSource(stream);
      refused += 1;
      throw new DOMException('another rate than the device has', 'NotSupportedError');
    }
  };
  navigator.mediaDevices.getUserMedia = async () => {
    const device = new Whole({ sampleRate: rate });
    const voice = new OscillatorNode(device, { frequency: 500 });
    const out = device.createMediaStreamDestination();
    voice.connect(new GainNode(device, { gain: 0.5 })).connect(out);
    voice.start();
    await device.resume();
    return out.stream;
  };
}"""
"""A browser that connects no device to a context of another rate, as Firefox does, and a device that delivers a pure tone."""

HEARD = """async () => {
  const { Recorder } = await import('/audio/recorder.js');
  const recorder = new Recorder();
  const frames = [];
  const enough = new Promise((resolve) => recorder.addEventListener('frame', ({ detail }) => {
    if (frames.push(detail) === 40) resolve();
  }));
  await recorder.start();
  await enough;
  recorder.stop();
  return { refused, frames: frames.map(({ pcm, level }) => ({ pcm: [...pcm], level })) };
}"""

LISTEN = """async () => {
  const { Recorder } = await import('/audio/recorder.js');
  const recorder = new Recorder();
  const frames = [];
  const loud = new Promise((resolve) => recorder.addEventListener('frame', ({ detail }) => {
    frames.push(detail);
    if (detail.level > 0.02) resolve();
  }));
  await recorder.start();
  await loud;
  recorder.stop();
  return [...new Set(frames.map(({ pcm }) => pcm.length))];
}"""

STARTED = """async () => {
  const { Recorder } = await import('/audio/recorder.js');
  window.recorder = new Recorder();
  window.begun = () => recorder.start().then(() => 'opened', (error) => error.code);
  window.first = begun();
}"""

CHOSEN = """async (device) => {
  const { Recorder } = await import('/audio/recorder.js');
  const recorder = new Recorder();
  recorder.device = device;
  await recorder.start();
  recorder.stop();
}"""

STOPPED_AND_STARTED = f"""async () => {{
  await ({STARTED})();
  recorder.stop();
  window.second = begun();
}}"""

WISHES = """() => {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.wishes = [];
  navigator.mediaDevices.getUserMedia = async (wish) => {
    wishes.push(wish.audio);
    if (wish.audio.deviceId?.exact === 'gone') throw new DOMException('', 'OverconstrainedError');
    return ask({ audio: true });
  };
}"""
"""Keeps what was asked of which microphones; there is only one, and `gone` was one."""

QUIET_AND_CLEAR = {"channelCount": 1, "echoCancellation": True, "noiseSuppression": True, "autoGainControl": True}
"""What a voice among people needs: else the answer hears itself from the loudspeaker, and interrupts itself."""

REFUSED = """async () => {
  const { Recorder } = await import('/audio/recorder.js');
  try { await new Recorder().start(); return 'opened'; } catch (error) { return error.code; }
}"""


def pitch(pcm: list[int]) -> float:
    """Cycles per second at 24 kHz, from the first rise through zero to the last, each told to a part of a sample; 0 without two."""
    rises = [at - now / (now - before) for at, (before, now) in enumerate(pairwise(pcm), 1) if before < 0 <= now]
    return (len(rises) - 1) * RATE / (rises[-1] - rises[0]) if len(rises) > 1 else 0.0


@pytest.mark.parametrize("rate", [24_000, 44_100, 48_000])
async def test_whatever_rate_the_device_has_frames_are_30_ms_at_24_khz(bench: Page, rate: int) -> None:
    got: dict[str, Any] = await bench.evaluate(RECORDED, {"rate": rate, "seconds": 1})
    assert got["sizes"] == [720]
    assert got["peak"] == pytest.approx(32_767, rel=0.01)
    assert got["level"] == pytest.approx(0.707, rel=0.02)
    assert pitch(got["pcm"]) == pytest.approx(500, rel=0.001)


@pytest.mark.parametrize("rate", [44_100, 48_000])
async def test_where_the_browser_refuses_24_khz_a_tone_arrives_all_the_same_in_its_pitch_and_as_loud(
    browser: Browser, far: FarEnd, rate: int
) -> None:
    async with page_in(browser) as page:
        await page.goto(far.address + "blank.html")
        await page.evaluate(REFUSING, rate)
        got = await page.evaluate(HEARD)
    assert got["refused"] == 1
    assert {len(frame["pcm"]) for frame in got["frames"]} == {720}
    # The middle frame of all: a busy machine may leave a hole in one or the other.
    assert statistics.median(pitch(frame["pcm"]) for frame in got["frames"]) == pytest.approx(500, rel=0.005)
    assert statistics.median(frame["level"] for frame in got["frames"]) == pytest.approx(0.5 * 0.707, rel=0.02)


async def test_a_voice_at_the_microphone_is_heard(far: FarEnd) -> None:
    async with chromium(VOICE) as browser, page_in(browser) as page:
        await page.goto(far.address + "blank.html")
        assert await page.evaluate(LISTEN) == [720]


async def test_a_microphone_that_is_not_allowed_has_its_code(far: FarEnd) -> None:
    async with chromium(allow_microphone=False) as browser, page_in(browser, permissions=[]) as page:
        await page.goto(far.address + "blank.html")
        assert await page.evaluate(REFUSED) == "microphone_denied"


async def test_a_stop_while_the_person_is_asked_lets_go_of_what_comes_late_and_not_of_the_next(browser: Browser, far: FarEnd) -> None:
    async with page_in(browser) as page:
        await page.goto(far.address + "blank.html")
        await prompts(page)
        await page.evaluate(STOPPED_AND_STARTED)
        await allowed(page, 1)
        assert await page.evaluate("second") == "opened"
        await allowed(page, 0)
        await released(page, 1)
        assert await page.evaluate("first") == "abandoned"
        assert await page.evaluate("streams[0].getTracks()[0].readyState") == "live"
        await page.evaluate("new Promise((resolve) => recorder.addEventListener('frame', resolve, { once: true })).then(() => true)")


async def test_of_two_that_are_chosen_in_a_breath_the_last_is_heard(browser: Browser, far: FarEnd) -> None:
    async with page_in(browser) as page:
        await page.goto(far.address + "blank.html")
        await page.evaluate(STARTED)
        assert await page.evaluate("first") == "opened"
        await page.evaluate(WISHES)
        await prompts(page)
        await page.evaluate("() => { window.choices = [recorder.use('one'), recorder.use('two')]; }")
        await allowed(page, 1)
        await allowed(page, 0)
        await page.evaluate("Promise.all(choices).then(() => true)")
        assert await page.evaluate("wishes.map((wish) => wish.deviceId.exact)") == ["two", "one"]
        assert await page.evaluate("streams.map((stream) => stream.getTracks()[0].readyState)") == ["live", "ended"]


@pytest.mark.parametrize(
    ("device", "asked"),
    [
        (None, [QUIET_AND_CLEAR]),
        ("one", [{**QUIET_AND_CLEAR, "deviceId": {"exact": "one"}}]),
        ("gone", [{**QUIET_AND_CLEAR, "deviceId": {"exact": "gone"}}, QUIET_AND_CLEAR]),
    ],
    ids=["the usual one", "a chosen one", "one that is not there"],
)
async def test_of_any_microphone_an_even_voice_without_echo_and_noise_is_asked_for(
    browser: Browser, far: FarEnd, device: str | None, asked: list[dict[str, Any]]
) -> None:
    async with page_in(browser) as page:
        await page.goto(far.address + "blank.html")
        await page.evaluate(WISHES)
        await page.evaluate(CHOSEN, device)
        assert await page.evaluate("wishes") == asked


async def test_who_chooses_another_while_nobody_is_heard_opens_none(browser: Browser, far: FarEnd) -> None:
    async with page_in(browser) as page:
        await page.goto(far.address + "blank.html")
        await page.evaluate(STARTED)
        assert await page.evaluate("first") == "opened"
        await page.evaluate(WISHES)
        await prompts(page)
        await page.evaluate("() => { window.choice = recorder.use('one'); recorder.stop(); }")
        await page.evaluate("recorder.use('two')")
        await allowed(page, 0)
        await page.evaluate("choice")
        assert await page.evaluate("prompts.length") == 1
        await released(page)


async def test_a_page_that_is_not_secure_has_its_code(browser: Browser, far: FarEnd) -> None:
    async with page_in(browser) as page:
        await page.route("http://page.example/**", lambda route: route.fulfill(status=404))
        await page.route("http://page.example/", lambda route: route.fulfill(content_type="text/html", body="<!doctype html>"))
        for name in ("recorder", "pcm"):
            await page.route(f"http://page.example/audio/{name}.js", _served(FRONTEND / "audio" / f"{name}.js"))
        await page.goto("http://page.example/")
        assert await page.evaluate(REFUSED) == "insecure_page"


def _served(path: Path) -> Any:
    async def answer(route: Any) -> None:
        await route.fulfill(content_type="text/javascript", path=path)

    return answer
