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


async def in_phase(page: Page, phase: str) -> None:
    """Wait until the page is listening, speaking, …"""
    await page.wait_for_selector(f'ask-controls[data-phase="{phase}"]')


async def measured(page: Page, name: str) -> int:
    """A figure of the audio thread, such as `frames-played`."""
    return int(await page.locator("ask-controls").get_attribute(f"data-{name}") or 0)


async def at_least(page: Page, name: str, count: int) -> None:
    """Wait until the audio thread has reported so much."""
    await page.wait_for_function(
        "([name, count]) => Number(document.querySelector('ask-controls').getAttribute(name)) >= count", arg=[f"data-{name}", count]
    )
