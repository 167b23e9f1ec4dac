"""Looking at the page as a person or a meter would: its phase, and what the audio thread has counted."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page
from tests.frontend.far_end import FarEnd, Line


async def welcomed(far: FarEnd, **fields: Any) -> Line:
    """The next page that connects, greeted."""
    line = await far.line()
    line.welcome(**fields)
    return line


async def greeted(page: Page, far: FarEnd, **fields: Any) -> Line:
    """The same, and it has heard that: who leaves it now closes an open socket, of which no browser complains on the console."""
    line = await welcomed(far, **fields)
    await page.wait_for_selector("#doors:not(:empty)")
    return line


async def asked(page: Page, far: FarEnd, words: str = "How many days?") -> Line:
    """A conversation in which a question that was typed waits for its answer."""
    line = await welcomed(far)
    await page.get_by_role("textbox").fill(words)
    await page.keyboard.press("Enter")
    await line.heard("response.create")
    return line


async def in_phase(page: Page, phase: str) -> None:
    """Wait until the page is listening, speaking, …"""
    await page.wait_for_selector(f'ask-controls[data-phase="{phase}"]')


async def measured(page: Page, name: str) -> int:
    """A figure of the audio thread, such as `frames-played`."""
    return int(await page.locator("ask-controls").get_attribute(f"data-{name}") or 0)


async def cut_off(page: Page) -> int:
    """Frames of the one answer that was cut off which were played. The server may hear of it before the page has its own report."""
    await at_least(page, "frames-cut", 1)
    return await measured(page, "frames-cut")


async def reported(page: Page, frames: int) -> None:
    """Wait until the audio thread has gone on by so much, and said so: what it was told before has come to pass."""
    await at_least(page, "frames-rendered", await measured(page, "frames-rendered") + frames)


async def at_least(page: Page, name: str, count: int) -> None:
    """Wait until the audio thread has reported so much."""
    await page.wait_for_function(
        "([name, count]) => Number(document.querySelector('ask-controls').getAttribute(name)) >= count", arg=[f"data-{name}", count]
    )


ASKED = """() => {
  const devices = navigator.mediaDevices;
  const ask = devices.getUserMedia.bind(devices);
  window.streams = [];
  window.prompts = [];
  devices.getUserMedia = async (wish) => {
    await new Promise((allow) => prompts.push(allow));
    const stream = await ask(wish);
    streams.push(stream);
    return stream;
  };
}"""


async def prompts(page: Page) -> None:
    """From now on the test is the person whom the browser asks for the microphone: `allowed` answers."""
    await page.evaluate(ASKED)


async def allowed(page: Page, prompt: int = 0) -> None:
    """Say yes to a prompt, which may still have to come; waits until the microphone was handed to the page."""
    await page.wait_for_function("(prompt) => prompts.length > prompt", arg=prompt)
    count = await page.evaluate("(prompt) => { const count = streams.length; prompts[prompt](); return count; }", prompt)
    await page.wait_for_function("(count) => streams.length > count", arg=count)


async def released(page: Page, stream: int = 0) -> None:
    """Wait until the page has let go of a microphone that it was given."""
    await page.wait_for_function("(stream) => streams[stream].getTracks().every((track) => track.readyState === 'ended')", arg=stream)
