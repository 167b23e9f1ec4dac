"""A real Chromium for tests: where it is, how it is started, and what it says on its console.

Every test that looks through a browser starts it here, so that the flags and the reasons for them stand in one place.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Error, Page, async_playwright, expect

from machine import on_build_machine

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
PLACES = (
    "/usr/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)

FLAGS = (
    "--use-fake-device-for-media-stream",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
"""A microphone that is a file, and no word to anybody but the server under test."""

ALLOW_MICROPHONE = "--use-fake-ui-for-media-stream"

PATIENCE_MS = 60_000
"""The longest that a test waits for something that should come at once; only a failure takes this long."""

expect.set_options(timeout=PATIENCE_MS)  # its own 5 s are too few on a busy machine


def chromium_path() -> str:
    """The browser to drive. Where there is none the test is skipped with the reason, and fails where CI promised one."""
    named = os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)
    found = named or next((place for place in PLACES if Path(place).exists()), None)
    if found:
        return found
    message = "no Chromium: install it, or name it in CHROMIUM"
    if on_build_machine():
        pytest.fail(message)
    pytest.skip(message)


def flags(microphone: Path | None, *, allow: bool) -> list[str]:
    """Chromium's arguments. `microphone` is a WAV file that is heard once from the moment the page opens the microphone."""
    chosen = list(FLAGS)
    if allow:
        chosen.append(ALLOW_MICROPHONE)
    if microphone is not None:
        chosen.append(f"--use-file-for-fake-audio-capture={microphone.resolve()}%noloop")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        chosen.append("--no-sandbox")  # Chromium refuses to run as root with it
    return chosen


@asynccontextmanager
async def chromium(microphone: Path | None = None, *, allow_microphone: bool = True) -> AsyncIterator[Browser]:
    """A browser of its own, closed at the end."""
    path = chromium_path()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, headless=True, args=flags(microphone, allow=allow_microphone))
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def page_in(browser: Browser, **options: Any) -> AsyncIterator[Page]:
    """A page in a context of its own. `options` are those of Playwright's `new_context`."""
    context: BrowserContext = await browser.new_context(**options)
    context.set_default_timeout(PATIENCE_MS)
    try:
        yield await context.new_page()
    finally:
        await context.close()


@contextmanager
def console_of(page: Page) -> Iterator[list[str]]:
    """Everything that the page says on its console, and every exception that nobody caught, as they come."""
    said: list[str] = []

    def written(message: ConsoleMessage) -> None:
        said.append(f"{message.type}: {message.text}")

    def thrown(error: Error) -> None:
        said.append(f"uncaught: {error}")

    page.on("console", written)
    page.on("pageerror", thrown)
    try:
        yield said
    finally:
        page.remove_listener("console", written)
        page.remove_listener("pageerror", thrown)
