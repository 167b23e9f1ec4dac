"""Which addresses of a source the page follows."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

PAGE = "https://ask.example/library/"


@pytest.mark.parametrize(
    ("address", "href", "own"),
    [
        ("/v1/passages/a?s=1", "https://ask.example/v1/passages/a?s=1", True),
        ("https://docs.example/a.pdf#page=2", "https://docs.example/a.pdf#page=2", False),
        ("https://ask.example/v1/a", "https://ask.example/v1/a", True),
        ("HTTPS://docs.example/", "https://docs.example/", False),
    ],
)
async def test_own_paths_and_https_are_followed(bench: Page, address: str, href: str, own: bool) -> None:
    got = await bench.evaluate("async ([address, page]) => (await import('/address.js')).safeAddress(address, page)", [address, PAGE])
    assert got == {"href": href, "own": own}


@pytest.mark.parametrize(
    "address",
    [
        *("", None, "a.pdf", "../a", "?s=1", "#x", "http://docs.example/", "//evil.example/", "/\\evil.example/", "/\t/evil.example/"),
        *(
            "javascript:alert(1)",
            " javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "blob:https://ask.example/1",
        ),
        *("file:///etc/passwd", "vbscript:x", "https:evil", "https:/evil", "\\\\evil.example", "/\n/evil.example", "ftp://docs.example/"),
    ],
)
async def test_everything_else_is_as_if_there_were_none(bench: Page, address: str | None) -> None:
    got = await bench.evaluate("async ([address, page]) => (await import('/address.js')).safeAddress(address, page)", [address, PAGE])
    assert got is None
