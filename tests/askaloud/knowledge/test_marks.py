"""The mark lies over the right words: compared with where the PDF library says that it wrote them, as boxes and as pixels."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from fpdf import FPDF
from tests.askaloud.indexing.papers import paper, rows, words
from tests.askaloud.knowledge.facts import LANGUAGES, Fact, Place, corpus
from tests.askaloud.knowledge.pictures import changed, pixels, yellow

from askaloud.indexing.read import read_file
from askaloud.indexing.split import Piece
from askaloud.knowledge.draw import draw
from askaloud.knowledge.marks import Area, marks
from askaloud.knowledge.pages import Wanted

NEAR = 0.012
"""Of the page's width or height: two pixels of an eleven-point letter more or less, for boxes include the space around letters."""

TWICE = "Ask the desk. Bring the badge to the front desk before noon. Ask the desk."


def pieces(file: Path) -> list[Piece]:
    return list(read_file(file).pieces)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Fact], Any]:
    folder = tmp_path_factory.mktemp("corpus") / "documents"
    folder.mkdir()
    facts = corpus(folder)
    read = cache(lambda path: pieces(folder / path))
    return folder, facts, read


def sides(boxes: list[tuple[float, float, float, float]]) -> list[tuple[float, float, float, float]]:
    return sorted(boxes, key=lambda box: (box[1], box[0]))


def close(one: Place, other: Place) -> bool:
    """Whether both are the same line: from the same word to the same word, one above the other."""
    return abs(one[0] - other[0]) < NEAR and abs(one[2] - other[2]) < NEAR and abs((one[1] + one[3]) - (other[1] + other[3])) / 2 < NEAR


def fractions(page: Any, area: Area) -> Place:
    width, height = page.get_size()
    return area.left / width, 1 - area.top / height, area.right / width, 1 - area.bottom / height


def the_passage(found: list[Piece], fact: Fact) -> Piece:
    (only,) = (each for each in found if fact.sentence in each.text)
    return only


def test_there_are_as_many_facts_as_were_promised_and_each_is_read_on_its_page(planted: tuple[Path, list[Fact], Any]) -> None:
    _, facts, read = planted
    assert len(facts) >= 60
    assert len({fact.path for fact in facts}) == len(LANGUAGES) == 5
    assert [fact for fact in facts if the_passage(read(fact.path), fact).page != fact.page] == []


@pytest.mark.parametrize("language", [each.name for each in LANGUAGES])
def test_the_boxes_of_each_fact_are_where_the_library_wrote_it(planted: tuple[Path, list[Fact], Any], language: str) -> None:
    folder, facts, read = planted
    with pdfium.PdfDocument(folder / f"{language}.pdf") as document:
        for fact in (fact for fact in facts if fact.path == f"{language}.pdf"):
            wanted = asked(folder / fact.path, the_passage(read(fact.path), fact), fact.sentence)
            page = document[fact.page - 1]
            areas = marks(page, wanted.text, wanted.boxes, wanted.spans)
            assert areas is not None
            found, written = sides([fractions(page, area) for area in areas]), sides(list(fact.places))
            assert len(found) == len(written), fact
            assert all(close(one, other) for one, other in zip(found, written, strict=True)), (fact, found)


@pytest.mark.parametrize("language", [each.name for each in LANGUAGES])
def test_the_pixels_of_each_fact_are_marked_and_no_others(planted: tuple[Path, list[Fact], Any], language: str) -> None:
    folder, facts, read = planted
    plain = cache(lambda page: draw(Wanted(str(folder / f"{language}.pdf"), page, "", [])).png)
    for fact in (fact for fact in facts if fact.path == f"{language}.pdf"):
        drawn = draw(asked(folder / fact.path, the_passage(read(fact.path), fact), fact.sentence))
        width, height, _ = pixels(drawn.png)
        marked = [(x / width, y / height) for x, y in changed(drawn.png, plain(fact.page))]
        assert all(any(holds(place, point) for place in fact.places) for point in marked), fact
        for place in fact.places:
            across = [x for x, y in marked if place[1] < y < place[3]]
            assert across, fact
            assert (min(across), max(across)) == pytest.approx((place[0], place[2]), abs=NEAR), fact


def test_each_passage_as_a_whole_covers_its_facts(planted: tuple[Path, list[Fact], Any]) -> None:
    _, facts, read = planted
    for fact in facts:
        boxes = the_passage(read(fact.path), fact).boxes
        for left, top, right, bottom in fact.places:
            middle = ((left + right) / 2, (top + bottom) / 2)
            assert any(holds(box, middle) for box in boxes), fact


def asked(file: Path, passage: Piece, sentence: str, *, nth: int = 0) -> Wanted:
    begin = -1
    for _ in range(nth + 1):
        begin = passage.text.index(sentence, begin + 1)
    return Wanted(str(file), passage.page or 0, passage.text, list(passage.boxes), ((begin, begin + len(sentence)),))


def holds(place: Place, point: tuple[float, float]) -> bool:
    return place[0] - NEAR <= point[0] <= place[2] + NEAR and place[1] - NEAR <= point[1] <= place[3] + NEAR


def middle_of_mark(wanted: Wanted) -> float:
    """How far across the page, on average, the mark stands."""
    drawn = draw(wanted)
    width, _, _ = pixels(drawn.png)
    marked = [x / width for x, _ in yellow(drawn.png)]
    return sum(marked) / len(marked)


def test_of_a_sentence_that_stands_twice_in_a_passage_the_one_that_is_meant_is_marked(tmp_path: Path) -> None:
    paper(tmp_path / "a.pdf", [words(TWICE)])
    (passage,) = pieces(tmp_path / "a.pdf")
    first = middle_of_mark(asked(tmp_path / "a.pdf", passage, "Ask the desk."))
    second = middle_of_mark(asked(tmp_path / "a.pdf", passage, "Ask the desk.", nth=1))
    assert first < 0.3 < 0.5 < second


def test_several_sentences_are_marked_and_nothing_between_them(tmp_path: Path) -> None:
    paper(tmp_path / "a.pdf", [words(TWICE)])
    (passage,) = pieces(tmp_path / "a.pdf")
    first, second = (asked(tmp_path / "a.pdf", passage, "Ask the desk.", nth=nth) for nth in (0, 1))
    both = asked(tmp_path / "a.pdf", passage, "Ask the desk.")
    both.spans = first.spans + second.spans
    assert set(yellow(draw(both).png)) == set(yellow(draw(first).png)) | set(yellow(draw(second).png))


def test_of_a_passage_that_stands_twice_on_a_page_the_one_in_its_boxes_is_marked(tmp_path: Path) -> None:
    paper(tmp_path / "a.pdf", [words(TWICE), words(TWICE)])
    (passage,) = pieces(tmp_path / "a.pdf")
    for nth, sentence in ((0, "before noon"), (1, "before noon")):
        drawn = draw(asked(tmp_path / "a.pdf", passage, sentence, nth=nth))
        _, height, _ = pixels(drawn.png)
        down = {y / height for _, y in yellow(drawn.png)}
        assert max(down) - min(down) < 0.03
        assert (min(down) > 0.06) == bool(nth)


def test_a_row_of_a_table_is_marked_cell_by_cell(tmp_path: Path) -> None:
    table = [("Trip", "Limit"), ("Breakfast in Rome", "12 euros"), ("Dinner in Oslo", "48 euros")]
    paper(tmp_path / "a.pdf", [words("What a day abroad may cost."), rows(*table)])
    (passage,) = pieces(tmp_path / "a.pdf")
    row = next(line for line in passage.text.splitlines() if "Oslo" in line)
    drawn = draw(asked(tmp_path / "a.pdf", passage, row))
    width, height, _ = pixels(drawn.png)
    marked = yellow(drawn.png)
    assert max(y for _, y in marked) - min(y for _, y in marked) < 0.03 * height
    assert {round(x / width) for x, _ in marked} == {0, 1}
    assert not any(0.35 < x / width < 0.48 for x, _ in marked)


def test_the_mark_stays_on_its_words_however_the_page_is_turned_and_cropped(tmp_path: Path) -> None:
    with pdfium.PdfDocument(paper(tmp_path / "upright.pdf", [words(TWICE)])) as document:
        document[0].set_rotation(90)
        document[0].set_cropbox(20, 400, 595, 842)
        document.save(tmp_path / "a.pdf")
    (passage,) = pieces(tmp_path / "a.pdf")
    drawn = draw(asked(tmp_path / "a.pdf", passage, "Bring the badge"))
    width, height, _ = pixels(drawn.png)
    whole = draw(Wanted(str(tmp_path / "a.pdf"), 1, passage.text, asked(tmp_path / "a.pdf", passage, "Ask").boxes))
    part, all_of_it = yellow(drawn.png), yellow(whole.png)
    assert part
    assert len(part) < 0.4 * len(all_of_it)
    assert {(round(x / width, 1), round(y / height, 1)) for x, y in part} <= {
        (round(x / width, 1), round(y / height, 1)) for x, y in all_of_it
    }


@pytest.mark.parametrize("span", [(0, 1), (13, 14), (0, 75)])
def test_whatever_characters_are_asked_for_something_of_the_passage_is_marked(tmp_path: Path, span: tuple[int, int]) -> None:
    paper(tmp_path / "a.pdf", [words(TWICE)])
    (passage,) = pieces(tmp_path / "a.pdf")
    wanted = asked(tmp_path / "a.pdf", passage, "Ask")
    wanted.spans = (span,)
    assert yellow(draw(wanted).png)


def test_letters_that_were_read_in_another_order_are_found_by_themselves(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    first, second = (f"The {which} of two sentences stands on a line of its own, as it should." for which in ("first", "second"))
    pdf.text(20, 60, second)
    pdf.text(20, 50, first)
    pdf.output(str(tmp_path / "a.pdf"))
    boxes = [(0.05, 0.1, 0.95, 0.25)]
    drawn = draw(Wanted(str(tmp_path / "a.pdf"), 1, f"{first} {second}", boxes, ((0, len(first)),)))
    _, height, _ = pixels(drawn.png)
    assert {round(y / height, 2) for _, y in yellow(drawn.png)} <= {0.15, 0.16, 0.17}
