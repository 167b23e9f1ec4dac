from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some
from semantic_text_splitter import TextSplitter

from askaloud.indexing.document import Document, Page, PageWriter
from askaloud.indexing.split import PASSAGE_TOKENS, TOKENS_OF, split

SENTENCE = "You can work from abroad for thirty days in a calendar year. "


def fits(text: str, tokens: int) -> bool:
    return len(TextSplitter.from_tiktoken_model(TOKENS_OF, tokens).chunks(text)) == 1


def page(number: int | None, *blocks: str | tuple[int, str]) -> Page:
    writer = PageWriter(number)
    for block in blocks:
        if isinstance(block, str):
            writer.block(block)
        else:
            writer.heading(*block)
    return writer.page()


def test_a_passage_never_crosses_a_page() -> None:
    pieces = split(Document("T", (page(1, SENTENCE * 3), page(2, SENTENCE * 3))))
    assert [(piece.page, piece.ordinal) for piece in pieces] == [(1, 0), (2, 0)]


def test_sentences_are_kept_whole() -> None:
    pieces = split(Document("T", (page(1, SENTENCE * 40),)))
    assert len(pieces) > 1
    for piece in pieces:
        assert piece.text.startswith("You can")
        assert piece.text.endswith("year.")
        assert fits(piece.text, PASSAGE_TOKENS)


@pytest.mark.parametrize("tokens", [40, 120, 500])
@pytest.mark.parametrize("sentence", [SENTENCE, "您每个日历年可以在国外工作三十天。", "Вы можете работать из-за границы тридцать дней. "])
def test_a_passage_has_at_most_as_many_tokens_as_is_set_in_any_language(tokens: int, sentence: str) -> None:
    pieces = split(Document("T", (page(1, sentence * 60),)), tokens)
    assert all(fits(piece.text, tokens) for piece in pieces)
    assert not all(fits(piece.text, tokens // 3) for piece in pieces)


def test_a_long_text_is_cut_as_a_whole_and_nothing_of_it_is_lost() -> None:
    made = page(None, *([SENTENCE * 3] * 300))
    pieces = split(Document("T", (made,)))
    assert "".join("".join(piece.text.split()) for piece in pieces) == "".join(made.text.split())
    assert all(piece.text.endswith("year.") for piece in pieces)


def test_positions_are_those_of_the_pages_text() -> None:
    made = page(1, (1, "Leave"), SENTENCE * 20, (2, "Größe 🙂 x"), "Ü" * 10 + " " + SENTENCE * 20)
    for piece in split(Document("T", (made,))):
        assert made.text[piece.start : piece.end] == piece.text


def test_headings_are_carried_to_the_next_page_and_replaced_by_their_own_level() -> None:
    first = page(1, (1, "Leave"), (2, "Abroad"), SENTENCE * 2)
    second = page(2, SENTENCE * 2, (2, "Sickness"), SENTENCE * 2, (1, "Pay"), SENTENCE * 2)
    assert [piece.headings for piece in split(Document("T", (first, second)))] == [
        ("Leave", "Abroad"),
        ("Leave", "Abroad"),
        ("Leave", "Sickness"),
        ("Pay",),
    ]


def test_scraps_are_joined_with_their_neighbours_and_their_headings() -> None:
    (piece,) = split(Document("T", (page(1, "Lindholm & Marsh", (1, "Handbook"), "Edition 12", (2, "Valid"), "from January"),)))
    assert piece.text == "Lindholm & Marsh\n\nHandbook\n\nEdition 12\n\nValid\n\nfrom January"
    assert piece.headings == ()


def test_a_short_answer_keeps_its_question() -> None:
    made = page(None, (1, "Questions"), SENTENCE * 2, (2, "Is it free?"), "Yes.", (2, "For whom?"), SENTENCE * 2)
    pieces = split(Document("T", (made,)))
    (free,) = [piece for piece in pieces if "Yes." in piece.text]
    assert "Is it free?\n\nYes." in free.text
    assert free.headings == ("Questions",)


def test_a_cover_of_headings_alone_is_a_passage() -> None:
    (piece,) = split(Document("T", (page(1, (1, "Employee Handbook"), (2, "Edition 12")),)))
    assert piece.text == "Employee Handbook\n\nEdition 12"


def test_a_heading_with_nothing_under_it_is_no_passage_beside_others() -> None:
    pieces = split(Document("T", (page(1, (1, "Chapter"), (2, "Section"), SENTENCE * 2, (2, "Empty")),)))
    assert [piece.headings for piece in pieces] == [("Chapter", "Section")]


def test_an_empty_page_has_no_passage() -> None:
    assert split(Document("T", (page(1), page(2, " \n ")))) == []


def test_a_word_longer_than_a_passage_is_cut_and_not_lost() -> None:
    pieces = split(Document("T", (page(1, "x" * 3000),)))
    assert "".join(piece.text for piece in pieces) == "x" * 3000


def test_boxes_cover_the_lines_of_the_passage_and_no_others() -> None:
    writer = PageWriter(1)
    for line in range(4):
        for at, word in enumerate(("One", "two", "three.")):
            if writer.length:
                writer.add(" " if at else "\n")
            writer.word(word, (0.1 + 0.2 * at, 0.1 * line, 0.25 + 0.2 * at, 0.1 * line + 0.05))
    (piece,) = split(Document("T", (writer.page(),)))
    assert [tuple(round(side, 2) for side in box) for box in piece.boxes] == [
        (0.1, round(0.1 * line, 2), 0.65, round(0.1 * line + 0.05, 2)) for line in range(4)
    ]


def test_a_line_that_is_read_from_right_to_left_has_one_box_too() -> None:
    writer = PageWriter(1)
    for at, word in enumerate(("שלושים", "יום", "בשנה")):
        writer.add(" " if at else "")
        writer.word(word, (0.8 - 0.1 * at, 0.1, 0.89 - 0.1 * at, 0.15))
    (piece,) = split(Document("T", (writer.page(),)))
    assert [tuple(round(side, 2) for side in box) for box in piece.boxes] == [(0.6, 0.1, 0.89, 0.15)]


@given(some.lists(some.tuples(some.integers(0, 3), some.text(min_size=1, max_size=400)), max_size=12))
def test_whatever_a_page_holds_passages_are_its_own_text_in_order_and_bounded(blocks: list[tuple[int, str]]) -> None:
    made = page(1, *[(level, text) if level else text for level, text in blocks])
    end = 0
    for ordinal, piece in enumerate(split(Document("T", (made,)))):
        assert piece.ordinal == ordinal
        assert piece.start >= end
        assert made.text[piece.start : piece.end] == piece.text
        assert piece.text.strip()
        assert fits(piece.text, PASSAGE_TOKENS)
        end = piece.end
