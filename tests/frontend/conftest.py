"""One Chromium and one far end for each module of tests; a page of its own for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, Page
from tests.browser.driving import chromium, console_of, page_in
from tests.frontend.far_end import FarEnd, far_end


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """A Chromium whose microphone is allowed."""
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def far() -> AsyncIterator[FarEnd]:
    """The server that the test speaks for."""
    async with far_end() as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def workbench(browser: Browser, far: FarEnd) -> AsyncIterator[Page]:
    """The page that all tests of a file share as `bench`. It must stay silent."""
    async with page_in(browser) as page:
        with console_of(page) as said:
            await page.goto(far.address + "blank.html")
            yield page
            assert said == []


@pytest_asyncio.fixture(loop_scope="module")
async def bench(workbench: Page, far: FarEnd) -> AsyncIterator[Page]:
    """An empty page under the service's headers, on which a module of the frontend can be tried by itself. A test leaves
    no socket open on it."""
    yield workbench
    await far.deserted()


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, far: FarEnd) -> AsyncIterator[Page]:
    """The page itself, opened. Whatever happens in a test, it says nothing on the console."""
    async with page_in(browser) as opened:
        with console_of(opened) as said:
            await opened.goto(far.address)
            yield opened
            assert said == []
    await far.deserted()
