from __future__ import annotations

from pathlib import Path

import pptx
import pytest
from tests.askaloud.indexing.office import replaced, show

from askaloud.indexing.document import Unreadable
from askaloud.indexing.slides import read_slides


def test_each_slide_is_a_page_under_its_title(tmp_path: Path) -> None:
    document = read_slides(show(tmp_path / "a.pptx", ("Leave", ["Thirty days.", "Ask first."]), ("Parking", ["Free."])))
    assert [(page.number, page.text) for page in document.pages] == [
        (1, "Leave\n\n- Thirty days.\n- Ask first."),
        (2, "Parking\n\nFree."),
    ]
    assert [page.headings[0].text for page in document.pages] == ["Leave", "Parking"]
    assert document.title == "Leave"


def test_tables_and_notes_are_read(tmp_path: Path) -> None:
    table = [["Plan", "Price"], ["Basic", "9 €"]]
    (page,) = read_slides(show(tmp_path / "a.pptx", ("Plans", ["Three."]), table=table, notes="Say it slowly.")).pages
    assert page.text == "Plans\n\nThree.\n\nPlan | Price\nBasic | 9 €\n\nSay it slowly."


def test_a_hidden_slide_says_nothing_and_keeps_its_number(tmp_path: Path) -> None:
    document = read_slides(show(tmp_path / "a.pptx", ("One", ["a"]), ("Two", ["secret"]), ("Three", ["c"]), hidden=[2]))
    assert [(page.number, bool(page.text)) for page in document.pages] == [(1, True), (2, False), (3, True)]


def test_slides_without_words_are_a_reason(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="text recognition"):
        read_slides(show(tmp_path / "a.pptx", ("", [""])))


@pytest.mark.parametrize("part", ["ppt/presentation.xml", "ppt/slides/slide1.xml", "[Content_Types].xml"])
def test_a_damaged_part_is_a_reason(tmp_path: Path, part: str) -> None:
    whole = show(tmp_path / "a.pptx", ("One", ["a"]))
    with pytest.raises(Unreadable, match="damaged"):
        read_slides(replaced(tmp_path / "b.pptx", whole, part, b"<broken"))


def test_merged_cells_say_what_they_say_in_each_place_that_they_cover(tmp_path: Path) -> None:
    table = [["Grade", "Abroad", "Home"], ["all of them", "", "30"], ["Junior", "1", "2"], ["", "3", "4"]]
    made = pptx.Presentation(str(show(tmp_path / "a.pptx", ("Leave", ["Three."]), table=table)))
    grid = next(shape.table for shape in made.slides[0].shapes if shape.has_table)
    grid.cell(1, 0).merge(grid.cell(1, 1))
    grid.cell(2, 0).merge(grid.cell(3, 0))
    made.save(str(tmp_path / "b.pptx"))
    (page,) = read_slides(tmp_path / "b.pptx").pages
    assert page.text.endswith("Grade | Abroad | Home\nall of them | all of them | 30\nJunior | 1 | 2\nJunior | 3 | 4")
