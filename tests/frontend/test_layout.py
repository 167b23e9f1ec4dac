"""How the words of a passage lie: what is a table, and what only looks like one."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

BLOCKS = """async (text) => {
  const { blocks } = await import('/layout.js');
  return blocks(text).map((block) =>
    block.kind === 'table' ? block.rows.map((row) => row.map((cell) => text.slice(...cell))) : text.slice(...block.place));
}"""

Block = str | list[list[str]]


async def blocks(bench: Page, text: str) -> list[Block]:
    got: list[Block] = await bench.evaluate(BLOCKS, text)
    return got


@pytest.mark.parametrize(
    "text",
    [
        "City | Limit\nHamburg | 140 euros\nLyon | 135 euros",
        "| City | Limit |\n|---|---|\n| Hamburg | 140 euros |\n| Lyon | 135 euros |",
        "|City|Limit|\n| :--- | ---: |\n|Hamburg|140 euros|\n|Lyon|135 euros|",
        "City | Limit\n--- | ---\n  Hamburg  |  140 euros \nLyon | 135 euros",
    ],
)
async def test_rows_of_cells_between_bars_are_a_table(bench: Page, text: str) -> None:
    table = [["City", "Limit"], ["Hamburg", "140 euros"], ["Lyon", "135 euros"]]
    assert await blocks(bench, text) == [table]
    assert await blocks(bench, f"Before it.\n{text}\n\nAfter\nit.") == ["Before it.", table, "After\nit."]


async def test_a_cell_may_be_empty_or_hold_a_bar_of_its_own(bench: Page) -> None:
    assert await blocks(bench, "| a | b |\n|---|---|\n| | x \\| y |") == [[["a", "b"], ["", "x \\| y"]]]
    assert await blocks(bench, "a | b\nx|y | z") == [[["a", "b"], ["x|y", "z"]]]


@pytest.mark.parametrize(
    "text",
    [
        "a | b",
        "a | b\nc | d | e",
        "| a |\n| b |",
        "|---|---|\n| a | b |",
        "| a | b |\n|---|---|",
        "| a | b |\n| c | d |\n|---|---|",
        "yes|no\nno|yes",
        "Press | to pipe.\nThat is all.",
        "|",
        "||\n||",
    ],
)
async def test_what_only_looks_like_a_table_stays_words(bench: Page, text: str) -> None:
    got = await blocks(bench, text)
    assert all(isinstance(block, str) for block in got)
    assert "\n".join(str(block) for block in got).split() == text.split()


async def test_paragraphs_are_parted_by_blank_lines_and_keep_their_own_breaks(bench: Page) -> None:
    assert await blocks(bench, "\n\nOne\nline.\n \n\nTwo.\n") == ["One\nline.", "Two."]
    assert await blocks(bench, " \n ") == []


async def test_a_large_text_full_of_bars_is_laid_out_at_once(bench: Page) -> None:
    for text in (
        "|" * 50_000 + "x",
        "| " * 50_000,
        "a | b\n" * 20_000,
        ("|" + " " * 500) * 100 + "\n" + "-|" * 20_000 + "x",
        "x\n\n" * 20_000,
    ):
        assert await bench.evaluate("async (text) => (await import('/layout.js')).blocks(text).length >= 0", text)
