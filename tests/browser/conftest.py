"""One Chromium for each module of tests that only type; those that speak start their own, for a browser has one microphone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser
from tests.browser.driving import chromium
from tests.browser.visit import Visit, visiting
from tests.whole import Whole


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """A Chromium whose microphone is allowed."""
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def visit(browser: Browser, whole: Whole) -> AsyncIterator[Visit]:
    """The page of the real program, opened. Whatever happens in a test, it says nothing on the console."""
    async with visiting(browser, whole.address) as opened:
        yield opened
