from __future__ import annotations

from pathlib import Path

import pytest

from askaloud.indexing.document import Document
from askaloud.indexing.markdown import read_markdown


def read(tmp_path: Path, text: str) -> Document:
    path = tmp_path / "a.md"
    path.write_text(text, encoding="utf-8")
    return read_markdown(path)


def test_words_are_plain_and_blocks_stand_apart(tmp_path: Path) -> None:
    document = read(
        tmp_path, "# Leave\n\nYou have **30 days** of\n[leave](https://x.example) a `year`.\n\n> Ask *first*.\n\n    code line\n"
    )
    (page,) = document.pages
    assert page.number is None
    assert page.text == "Leave\n\nYou have 30 days of leave a year.\n\nAsk first.\n\ncode line"
    assert document.title == "Leave"


def test_headings_keep_their_level_and_place(tmp_path: Path) -> None:
    (page,) = read(tmp_path, "Intro.\n\n# One\n\n## Two `code`\n\nText.\n\nSetext\n------\n").pages
    assert [(each.level, each.text, page.text[each.start : each.end]) for each in page.headings] == [
        (1, "One", "One"),
        (2, "Two code", "Two code"),
        (2, "Setext", "Setext"),
    ]


def test_lists_keep_their_items_and_numbers(tmp_path: Path) -> None:
    text = "Steps:\n\n3. Fill the tank.\n4. Press start.\n   - Wait.\n   - Look.\n5. Done.\n"
    assert read(tmp_path, text).pages[0].text == "Steps:\n\n3. Fill the tank.\n4. Press start.\n- Wait.\n- Look.\n5. Done."


def test_tables_are_written_row_by_row(tmp_path: Path) -> None:
    text = "Limits:\n\n| City | Limit |\n|---|---|\n| Hamburg | 140 |\n| London | **210** |\n\nAfter.\n"
    assert read(tmp_path, text).pages[0].text == "Limits:\n\nCity | Limit\nHamburg | 140\nLondon | 210\n\nAfter."


def test_html_within_is_reduced_to_its_words(tmp_path: Path) -> None:
    assert read(tmp_path, "<div>\n<b>Bold</b> words\n</div>\n\nLine<br>after\n").pages[0].text == "Bold words\n\nLineafter"


@pytest.mark.parametrize(("front", "title"), [('title: "The Policy"', "The Policy"), ("author: me", "First")])
def test_front_matter_is_no_text_but_may_name_the_title(tmp_path: Path, front: str, title: str) -> None:
    document = read(tmp_path, f"---\n{front}\n---\n\n# First\n\nText.\n")
    assert document.title == title
    assert document.pages[0].text == "First\n\nText."


def test_every_block_of_a_long_table_has_its_head_and_an_empty_cell_its_place(tmp_path: Path) -> None:
    rows = "\n".join(f"| City {number} |  | {number} |" for number in range(80))
    blocks = read(tmp_path, f"| City | 2023 | 2024 |\n|---|---|---|\n{rows}\n").pages[0].text.split("\n\n")
    assert len(blocks) > 5
    assert all(block.startswith("City | 2023 | 2024\nCity ") for block in blocks)
    assert "\nCity 0 |  | 0\n" in blocks[0]
